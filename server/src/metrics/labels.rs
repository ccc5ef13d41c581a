//! What distinguishes the numbers of one metric.

use std::borrow::Cow;

use prometheus_client::encoding::EncodeLabelSet;

/// So many labels with their values.
pub(super) type Labels<const N: usize> = [(&'static str, &'static str); N];

/// A request that was answered.
#[derive(Clone, PartialEq, Eq, Hash, Debug, EncodeLabelSet)]
pub(crate) struct HttpRequest {
    /// The pattern of its path.
    pub(crate) route: Cow<'static, str>,
    pub(crate) method: &'static str,
    pub(crate) status: u64,
}

/// Where a request went.
#[derive(Clone, PartialEq, Eq, Hash, Debug, EncodeLabelSet)]
pub(super) struct Route {
    pub(super) route: Cow<'static, str>,
}

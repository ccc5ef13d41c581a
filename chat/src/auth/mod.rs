//! Who is speaking: from the tokens of a request to an [`Identity`] or a [`Refusal`].
//!
//! * `identity` who somebody is.
//! * `credentials` the places where a token is looked for, in their order.
//! * `key` the keys of this server.
//! * `verifier` what a JWT has to fulfil.
//! * `refusal` the texts and reasons when it does not.

mod credentials;
mod identity;
mod key;
mod refusal;
#[cfg(test)]
mod tests;
mod verifier;

pub use credentials::{Credentials, Source, is_trusted_origin};
pub use identity::{Identity, Standing};
pub use key::KeyError;
pub use refusal::{Reason, Refusal};
pub use verifier::Verifier;

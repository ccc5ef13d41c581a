//! Who is speaking: from the tokens of a request to an [`Identity`] or a [`Refusal`].
//!
//! * `identity` who somebody is.
//! * `credentials` the places where a token is looked for, in their order.
//! * `key` the keys of this server.
//! * `rules` what a JWT has to fulfil.
//! * `verifier` the rules that hold now.
//! * `signer` makes JWTs with a shared secret.
//! * `session` tokens that this server makes, of which it only keeps a hash.
//! * `refusal` the texts and reasons when it does not.

mod credentials;
mod identity;
mod key;
mod refusal;
mod rules;
mod session;
mod signer;
#[cfg(test)]
mod tests;
mod verifier;

pub use credentials::{Credentials, Source, is_trusted_origin};
pub use identity::{Identity, Standing};
pub use key::KeyError;
pub use refusal::{Reason, Refusal};
pub use rules::user_id;
pub(crate) use session::random_token;
pub use session::{Session, TokenHash};
pub use signer::sign;
pub use verifier::Verifier;

//! The rules change while tokens are verified.

use super::*;

#[test]
fn the_rules_can_be_replaced_while_they_are_used() {
    let verifier = verifier();
    let claims = json!({ "sub": "anna", "exp": at(60) });
    let (old, new) = (
        hs256(&claims),
        sign(Algorithm::HS256, &claims, &EncodingKey::from_secret(b"new")),
    );
    assert!(verifier.verify(&old).is_ok());
    assert_eq!(verifier.verify(&new), Err(Reason::Signature));
    verifier.replace(Verifier::new(AuthPolicy::Required).secret(b"new"));
    assert_eq!(verifier.verify(&old), Err(Reason::Signature));
    assert!(verifier.verify(&new).is_ok());
    // Both while clients move from one to the other.
    verifier.replace(super::verifier().secret(b"new"));
    assert!(verifier.verify(&old).is_ok() && verifier.verify(&new).is_ok());
}

//! The examples of the standards of Curve25519, which Node 10 does not know.

#![allow(clippy::unwrap_used, reason = "a test that cannot read its own examples has failed")]

use lambkin_crypto::Error;
use lambkin_crypto::curve25519::{self, Key, Use};
use lambkin_crypto::digest::Algorithm;
use lambkin_crypto::key::{self, PrivateKey, PublicKey, Structure};
use lambkin_crypto::rand_core::{Infallible, TryCryptoRng, TryRng};
use lambkin_crypto::sign::{self, Scheme};

/// Gives ones. What is made here has no secrets.
struct Ones;

impl TryRng for Ones {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok(0x0101_0101)
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(0x0101_0101_0101_0101)
    }

    fn try_fill_bytes(&mut self, target: &mut [u8]) -> Result<(), Infallible> {
        target.fill(1);
        Ok(())
    }
}

impl TryCryptoRng for Ones {}

fn unhex(digits: &str) -> Vec<u8> {
    let pairs = digits.as_bytes().chunks(2);
    pairs.map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap()).collect()
}

fn key(digits: &str) -> Key {
    curve25519::key(&unhex(digits)).unwrap()
}

/// RFC 8032, 7.1.
#[test]
fn signatures_are_those_of_the_standard() {
    let examples = [
        (
            "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
            "",
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
        ),
        (
            "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
            "72",
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
        ),
        (
            "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
            "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
            "af82",
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
        ),
    ];
    for (private, public, message, signature) in examples {
        let (private, message, signature) =
            (PrivateKey::Ed25519(key(private)), unhex(message), unhex(signature));
        let own = private.public().unwrap();
        assert!(matches!(own, PublicKey::Ed25519(bytes) if bytes == key(public)));
        let scheme = Scheme::default();
        assert_eq!(sign::sign_message(&private, &message, scheme, &mut Ones).unwrap(), signature);
        assert_eq!(sign::verify_message(&own, &message, &signature, scheme), Ok(true));
        assert_eq!(sign::verify_message(&own, &[&message[..], b"."].concat(), &signature, scheme), Ok(false));
        assert_eq!(sign::verify_message(&own, &message, &signature[1..], scheme), Ok(false));
        // s and s plus the order of the group are the same number; only the smaller one is a signature.
        let order = unhex("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
        let mut larger = signature.clone();
        let mut carry = 0;
        for (byte, added) in larger[32..].iter_mut().zip(order) {
            carry += u16::from(*byte) + u16::from(added);
            *byte = carry as u8;
            carry >>= 8;
        }
        assert!(carry == 0 && larger[63] & 0xe0 == 0, "it is not told by its size");
        assert_eq!(sign::verify_message(&own, &message, &larger, scheme), Ok(false));
    }
}

/// RFC 7748, 5.2.
#[test]
fn agreement_is_that_of_the_standard() {
    let examples = [
        (
            "a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4",
            "e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c",
            "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552",
        ),
        (
            "4b66e9d4d1b4673c5ad22691957d6af5c11b6421e0ea01d42ca4169e7918ba0d",
            "e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a493",
            "95cbde9476e8907d7aade45cb4b873f88b595a68799fa152e6f8f7647aac7957",
        ),
    ];
    for (private, public, shared) in examples {
        assert_eq!(curve25519::agree(&key(private), &key(public)), Ok(key(shared)));
    }
    let base = key("0900000000000000000000000000000000000000000000000000000000000000");
    let (mut private, mut public) = (base, base);
    for round in 1..=1000 {
        let shared = curve25519::agree(&private, &public).unwrap();
        (private, public) = (shared, private);
        let expected = match round {
            1 => "422c8e7a6227d7bca1350b3e2bb7279f7897b87bb6854b783c60e80311ae3079",
            1000 => "684cf59ba83309552800ef566f2f4d3c1c3887c49360e3875f2eb94d99532c51",
            _ => continue,
        };
        assert_eq!(private, key(expected), "{round}");
    }
}

/// RFC 7748, 6.1.
#[test]
fn two_people_of_the_standard_agree() {
    let alice = key("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a");
    let bob = key("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb");
    let (of_alice, of_bob) = (Use::X25519.public_key(&alice), Use::X25519.public_key(&bob));
    assert_eq!(of_bob, key("de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f"));
    let shared = curve25519::agree(&alice, &of_bob);
    assert_eq!(shared, Ok(key("4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742")));
    assert_eq!(shared, curve25519::agree(&bob, &of_alice));
}

#[test]
fn a_public_key_that_gives_everybody_the_same_is_refused() {
    for point in ["00", "01", "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800"] {
        let point = key(&format!("{point:0<64}"));
        assert_eq!(curve25519::agree(&[7; 32], &point), Err(Error::DERIVATION));
    }
}

#[test]
fn keys_are_written_and_read() {
    for private in [PrivateKey::Ed25519([7; 32]), PrivateKey::X25519([7; 32])] {
        let public = private.public().unwrap();
        for as_pem in [false, true] {
            let written = key::write_private(&private, Structure::Pkcs8, as_pem, None, &mut Ones).unwrap();
            assert_eq!(key::private_key(&written, None).unwrap().kind(), private.kind());
            let written = key::write_public(&public, Structure::Spki, as_pem).unwrap();
            assert_eq!(key::public_key(&written, None).unwrap().kind(), private.kind());
        }
        assert!(key::write_private(&private, Structure::Sec1, true, None, &mut Ones).is_err());
    }
    assert_eq!(curve25519::generate(&mut Ones), [1; 32]);
    assert!(curve25519::key(&[0; 31]).is_err());
}

/// A key of one use is none of the other.
#[test]
fn keys_refuse_what_they_are_not_for() {
    let scheme = Scheme::default();
    let hash = Algorithm::Sha256.hash(b"");
    for private in [PrivateKey::X25519([7; 32]), PrivateKey::Ed25519([7; 32])] {
        let signed = sign::sign(&private, Algorithm::Sha256, &hash, scheme, &mut Ones);
        assert_eq!(signed, Err(Error::WRONG_KEY_KIND));
    }
    let agreeing = PrivateKey::X25519([7; 32]);
    assert_eq!(sign::sign_message(&agreeing, b"", scheme, &mut Ones), Err(Error::WRONG_KEY_KIND));
    let public = agreeing.public().unwrap();
    assert_eq!(sign::verify_message(&public, b"", &[0; 64], scheme), Err(Error::WRONG_KEY_KIND));
}

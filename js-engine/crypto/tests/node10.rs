//! Everything Node 10.24.1 answered when it was asked by `record.cjs`, asked again here.

#![allow(clippy::unwrap_used, reason = "a test that cannot read its own record has failed")]

use ::rsa::traits::PublicKeyParts as _;
use lambkin_crypto::cipher::Cipher;
use lambkin_crypto::dh::Group;
use lambkin_crypto::digest::{Algorithm, Hash};
use lambkin_crypto::ec::{Curve, Form};
use lambkin_crypto::key::{self, Protection, Structure};
use lambkin_crypto::mac::Hmac;
use lambkin_crypto::rand_core::{Infallible, TryCryptoRng, TryRng};
use lambkin_crypto::rsa::Padding;
use lambkin_crypto::sign::{self, Salt, Scheme};
use lambkin_crypto::{Error, kdf, rsa};
use serde_json::Value;

/// Not random at all: tests want the same numbers every time.
struct Counting(u64);

impl TryRng for Counting {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok(self.try_next_u64()? as u32)
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        self.0 = self.0.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(0x1405_7b7e_f767_814f);
        Ok(self.0 ^ (self.0 >> 29))
    }

    fn try_fill_bytes(&mut self, target: &mut [u8]) -> Result<(), Infallible> {
        for chunk in target.chunks_mut(8) {
            let number = self.try_next_u64()?.to_le_bytes();
            chunk.copy_from_slice(&number[..chunk.len()]);
        }
        Ok(())
    }
}

impl TryCryptoRng for Counting {}

fn recorded(part: &str) -> Vec<Value> {
    let all: Value = serde_json::from_str(include_str!("node10.json")).expect("the record");
    all[part].as_array().expect("a list").clone()
}

fn bytes(length: u64, start: u64) -> Vec<u8> {
    (0..length).map(|i| (start + 7 * i) as u8).collect()
}

fn text(value: &Value) -> &str {
    value.as_str().expect("a string")
}

fn number(value: &Value) -> u64 {
    value.as_u64().expect("a number")
}

fn unhex(value: &Value) -> Vec<u8> {
    let digits = text(value).as_bytes();
    digits.chunks(2).map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap()).collect()
}

#[test]
fn hashes_are_node_s() {
    let lengths = [0, 1, 15, 16, 17, 63, 64, 65, 127, 128, 129, 300];
    let all = recorded("hashes");
    assert!(all.len() >= 35, "{}", all.len());
    for entry in all {
        for (length, expected) in lengths.into_iter().zip(entry[1].as_array().unwrap()) {
            let mut hash = Hash::named(text(&entry[0])).unwrap_or_else(|| panic!("{} is missing", entry[0]));
            let data = bytes(length, length);
            let (a, b) = data.split_at(data.len() / 3);
            hash.update(a);
            hash.update(b);
            assert_eq!(hash.finish(), unhex(expected), "{} of {length}", entry[0]);
        }
    }
}

#[test]
fn codes_are_node_s() {
    for entry in recorded("macs") {
        for (length, expected) in [0, 5, 64, 200].into_iter().zip(entry[1].as_array().unwrap()) {
            let algorithm =
                Algorithm::named(text(&entry[0])).unwrap_or_else(|| panic!("{} is missing", entry[0]));
            let mut mac = Hmac::new(algorithm, &bytes(length, 3));
            mac.update(&bytes(100, 1));
            assert_eq!(mac.finish(), unhex(expected), "{}", entry[0]);
        }
    }
}

#[test]
fn derived_keys_are_node_s() {
    for entry in recorded("pbkdf2") {
        let mut key = vec![0; number(&entry[2]) as usize];
        let algorithm = Algorithm::named(text(&entry[0])).unwrap();
        kdf::pbkdf2(algorithm, b"pass", b"salt", number(&entry[1]) as u32, &mut key);
        assert_eq!(key, unhex(&entry[3]), "{entry}");
    }
    for entry in recorded("scrypt") {
        let [cost, block, parallel, length] = [0, 1, 2, 3].map(|i| number(&entry[i]) as u32);
        let parameters = kdf::scrypt_parameters(cost, block, parallel, f64::from(1 << 26)).unwrap();
        let mut key = vec![0; length as usize];
        kdf::scrypt(&parameters, b"pass", b"salt", &mut key);
        assert_eq!(key, unhex(&entry[4]), "{entry}");
    }
}

#[test]
fn ciphers_are_node_s_in_pieces_of_any_size() {
    let all = recorded("ciphers");
    assert!(all.len() > 250, "{}", all.len());
    for entry in all {
        let (name, key) = (text(&entry[0]), unhex(&entry[1]));
        let iv = (!entry[2].is_null()).then(|| unhex(&entry[2]));
        let (aad, length, expected) = (number(&entry[3]), number(&entry[4]), unhex(&entry[5]));
        let tag = (!entry[6].is_null()).then(|| unhex(&entry[6]));
        let is_ccm = name.to_ascii_lowercase().contains("ccm");
        let tag_length = tag.as_ref().filter(|_| name != "aes-256-gcm").map(Vec::len);
        let is_whole = is_ccm || name.contains("wrap");
        for size in [1, 5, 16, 31, 1000] {
            let size = if is_whole { 1000 } else { size };
            let run = |data: &[u8], encrypts: bool| -> Result<(Vec<u8>, Option<Vec<u8>>), Error> {
                let mut cipher = Cipher::new(name, &key, iv.as_deref(), encrypts, tag_length)?;
                if aad > 0 {
                    assert!(cipher.set_associated(&bytes(aad, 50), Some(length as usize))?);
                }
                if let (false, Some(tag)) = (encrypts, &tag) {
                    assert!(cipher.set_tag(tag)?);
                }
                let mut out = Vec::new();
                for piece in data.chunks(size) {
                    out.extend(cipher.update(piece)?);
                }
                if is_ccm && data.is_empty() {
                    out.extend(cipher.update(&[])?);
                }
                out.extend(cipher.finish()?);
                Ok((out, cipher.tag().map(<[u8]>::to_vec)))
            };
            let (encrypted, made) = run(&bytes(length, 4), true).expect(name);
            assert_eq!(encrypted, expected, "{name} {length} {aad} {size}");
            assert_eq!(made, tag, "{name} {length} {aad} {size}");
            assert_eq!(run(&encrypted, false).unwrap().0, bytes(length, 4), "{name} {length} {aad} {size}");
            if tag.is_some() && length > 0 {
                let mut wrong = encrypted.clone();
                wrong[0] ^= 1;
                assert_eq!(run(&wrong, false), Err(Error::UNAUTHENTIC), "{name}");
            }
        }
    }
}

/// In both directions: what Node wrapped is unwrapped, and what is wrapped here; with chance, no two are the same.
#[test]
fn keys_wrapped_with_chance_are_unwrapped() {
    for entry in recorded("wrapped") {
        let run = |encrypts: bool, data: &[u8], random: Option<[u8; 8]>| {
            let mut cipher = Cipher::new(text(&entry[0]), &bytes(24, 9), None, encrypts, None)?;
            assert_eq!(cipher.wants_random(), encrypts);
            if let Some(random) = random {
                cipher.give_random(random);
            }
            cipher.update(data)
        };
        let theirs = unhex(&entry[1]);
        assert_eq!(run(false, &theirs, None).unwrap(), bytes(40, 4));
        let ours = [1, 2].map(|byte| run(true, &bytes(40, 4), Some([byte; 8])).unwrap());
        assert_ne!(ours[0], ours[1]);
        for wrapped in &ours {
            assert_eq!(run(false, wrapped, None).unwrap(), bytes(40, 4));
        }
        assert_eq!(run(true, &bytes(40, 4), None), Err(Error::STATE));
        for at in [0, 20, theirs.len() - 1] {
            let mut wrong = theirs.clone();
            wrong[at] ^= 1;
            assert!(run(false, &wrong, None).is_err(), "byte {at}");
        }
    }
}

/// RFC 5649, 6, and a padding that holds something.
#[test]
fn wrapped_keys_that_were_changed_stay_wrapped() {
    let hex = |digits: &str| unhex(&Value::from(digits));
    let key = hex("5840df6e29b02af1ab493b705bf16ea1ae8338f4dcc176a8");
    let run = |name: &str, iv: &[u8], encrypts: bool, data: &[u8]| {
        Cipher::new(name, &key, Some(iv), encrypts, None)?.update(data)
    };
    for (plain, sealed) in [
        (
            "c37b7e6492584340bed12207808941155068f738",
            "138bdeaa9b8fa7fc61f97742e72248ee5ae6ae5360d1ae6a5f54f373fa543b6a",
        ),
        ("466f7250617369", "afbeb0f07dfbf5419200f2ccb50bb24f"),
    ] {
        let (name, iv) = ("id-aes192-wrap-pad", hex("a65959a6"));
        assert_eq!(run(name, &iv, true, &hex(plain)).unwrap(), hex(sealed));
        assert_eq!(run(name, &iv, false, &hex(sealed)).unwrap(), hex(plain));
        let mut wrong = hex(sealed);
        wrong[3] ^= 0x40;
        assert!(run(name, &iv, false, &wrong).is_err());
        assert!(run(name, &[0; 4], false, &hex(sealed)).is_err());
    }
    let sealed = run("aes192-wrap", &[0xa6; 8], true, &[7; 24]).unwrap();
    assert!(run("aes192-wrap", &[0xa7; 8], false, &sealed).is_err());
    for length in [8, 15, 17] {
        assert!(run("aes192-wrap", &[0xa6; 8], true, &vec![0; length]).is_err(), "{length}");
        assert!(run("aes192-wrap", &[0xa6; 8], false, &vec![0; length]).is_err(), "{length}");
    }
}

#[test]
fn passwords_make_node_s_keys() {
    for entry in recorded("passwords") {
        let mut cipher = Cipher::with_password(text(&entry[0]), b"secret", true, None).unwrap();
        let mut out = cipher.update(&bytes(50, 4)).unwrap();
        out.extend(cipher.finish().unwrap());
        assert_eq!(out, unhex(&entry[1]), "{entry}");
    }
}

#[test]
fn keys_are_read_and_signatures_checked() {
    let message = bytes(100, 1);
    for entry in recorded("keys") {
        let name = format!("{} {}", entry["type"], text(&entry["private"]).lines().next().unwrap());
        let passphrase = (!entry["cipher"].is_null()).then_some(b"top secret".as_slice());
        let private = key::private_key(text(&entry["private"]).as_bytes(), passphrase).expect(&name);
        let public = key::public_key(text(&entry["public"]).as_bytes(), None).expect(&name);
        if passphrase.is_some() {
            for wrong in [None, Some(b"wrong".as_slice())] {
                assert!(key::private_key(text(&entry["private"]).as_bytes(), wrong).is_err(), "{name}");
            }
        }
        for signature in entry["signatures"].as_array().unwrap() {
            let algorithm = Algorithm::named(text(&signature[0])).unwrap();
            let hash = algorithm.hash(&message);
            let ours = sign::sign(&private, algorithm, &hash, Scheme::default(), &mut Counting(1)).unwrap();
            let theirs = unhex(&signature[1]);
            for signature in [&ours, &theirs] {
                assert_eq!(
                    sign::verify(&public, algorithm, &hash, signature, Scheme::default()),
                    Ok(true),
                    "{name}"
                );
            }
            if text(&entry["type"]) == "rsa" {
                assert_eq!(ours, theirs, "{name}");
            }
            let mut wrong = ours.clone();
            *wrong.last_mut().unwrap() ^= 1;
            assert_eq!(
                sign::verify(&public, algorithm, &hash, &wrong, Scheme::default()),
                Ok(false),
                "{name}"
            );
        }
        for entry in entry["pss"].as_array().unwrap() {
            let salt = Salt::from_number(entry[0].as_i64().unwrap() as i32).unwrap();
            let scheme = Scheme { padding: Padding::Pss, salt, ..Scheme::default() };
            let hash = Algorithm::Sha256.hash(&message);
            let verify =
                |signature: &[u8]| sign::verify(&public, Algorithm::Sha256, &hash, signature, scheme);
            assert_eq!(verify(&unhex(&entry[1])), Ok(true), "{name}");
            let ours = sign::sign(&private, Algorithm::Sha256, &hash, scheme, &mut Counting(2)).unwrap();
            assert_eq!(verify(&ours), Ok(true), "{name}");
        }
        if let (key::PrivateKey::Rsa(private), key::PublicKey::Rsa(public)) = (&private, &public) {
            for entry in entry["encrypted"].as_array().unwrap() {
                let padding = Padding::from_number(entry[0].as_i64().unwrap() as i32).unwrap();
                let decrypt = |data: &[u8]| {
                    rsa::private_decrypt(private, padding, Algorithm::Sha1, b"", data, &mut Counting(3))
                };
                assert_eq!(decrypt(&unhex(&entry[1])).unwrap(), b"hello", "{name}");
                let ours =
                    rsa::public_encrypt(public, padding, Algorithm::Sha1, b"", b"hello", &mut Counting(4))
                        .unwrap();
                assert_eq!(decrypt(&ours).unwrap(), b"hello", "{name}");
            }
            let reversed = unhex(&entry["reversed"]);
            assert_eq!(rsa::public_decrypt(public, Padding::Pkcs1, &reversed).unwrap(), b"hello", "{name}");
            let ours = rsa::private_encrypt(private, Padding::Pkcs1, b"hello", &mut Counting(5)).unwrap();
            assert_eq!(ours, reversed, "{name}");
        }
    }
}

#[test]
fn keys_are_written_as_node_writes_them() {
    for entry in recorded("keys") {
        let (private, public) = (text(&entry["private"]), text(&entry["public"]));
        let passphrase = (!entry["cipher"].is_null()).then_some(b"top secret".as_slice());
        let read = key::private_key(private.as_bytes(), passphrase).unwrap();
        let structure = match private.lines().next().unwrap() {
            "-----BEGIN RSA PRIVATE KEY-----" => Structure::Pkcs1,
            "-----BEGIN EC PRIVATE KEY-----" => Structure::Sec1,
            _ => Structure::Pkcs8,
        };
        let protection =
            passphrase.map(|passphrase| Protection { cipher: text(&entry["cipher"]), passphrase });
        let written = key::write_private(&read, structure, true, protection, &mut Counting(6)).unwrap();
        if passphrase.is_none() {
            assert_eq!(String::from_utf8(written).unwrap(), private);
        } else {
            assert!(key::private_key(&written, Some(b"wrong")).is_err());
            let again = key::private_key(&written, passphrase).unwrap();
            let der = |key| key::write_private(key, Structure::Pkcs8, false, None, &mut Counting(7)).unwrap();
            assert_eq!(der(&again), der(&read));
        }
        let structure = if public.contains("RSA") { Structure::Pkcs1 } else { Structure::Spki };
        let written = key::write_public(&read.public().unwrap(), structure, true).unwrap();
        assert_eq!(String::from_utf8(written).unwrap(), public);
        let der = key::write_public(&read.public().unwrap(), structure, false).unwrap();
        assert!(key::public_key(&der, None).is_ok());
    }
}

#[test]
fn both_sides_agree_with_node() {
    for entry in recorded("agreements") {
        let curve = Curve::named(text(&entry[0])).unwrap();
        let (a, b) =
            (curve.private_key(&unhex(&entry[1])).unwrap(), curve.private_key(&unhex(&entry[2])).unwrap());
        assert_eq!(curve.public_key(&a).unwrap(), unhex(&entry[3]));
        let public = curve.public_key(&b).unwrap();
        assert_eq!(curve.convert(&public, Form::Compressed).unwrap(), unhex(&entry[4]));
        assert_eq!(curve.convert(&public, Form::Hybrid).unwrap(), unhex(&entry[5]));
        for form in [4, 5].map(|i| unhex(&entry[i])) {
            assert_eq!(curve.agree(&a, &form).unwrap(), unhex(&entry[6]));
        }
        let mut wrong = public;
        wrong[5] ^= 1;
        assert_eq!(curve.agree(&a, &wrong), Err(Error::POINT));
    }
    for entry in recorded("groups") {
        let group = Group::named(text(&entry[0])).unwrap();
        let private = unhex(&entry[1]);
        assert_eq!(group.public_key(&private).unwrap(), unhex(&entry[2]));
        assert_eq!(group.agree(&private, &unhex(&entry[3])).unwrap(), unhex(&entry[4]));
        assert!(group.agree(&private, &[1]).is_err());
        assert!(group.agree(&private, group.prime()).is_err());
    }
}

#[test]
fn flaws_of_groups_are_node_s() {
    for entry in recorded("checks") {
        let group = Group::new(&[number(&entry[0]) as u8], &[number(&entry[1]) as u8]).unwrap();
        assert_eq!(u64::from(group.check()), number(&entry[2]), "{entry}");
    }
    assert_eq!(Group::named("modp14").unwrap().check(), 0);
}

#[test]
fn keys_of_rsa_are_made_and_work() {
    let mut random = Counting(3);
    for (bits, exponent) in
        [(512, 65_537), (513, 3), (1024, 3), (1025, 65_537), (1030, u32::MAX), (2048, 65_537)]
    {
        let made = rsa::generate(&mut random, bits, exponent).unwrap();
        let (key, public) = (
            key::PrivateKey::Rsa(Box::new(made.clone())),
            key::PublicKey::Rsa(Box::new(made.to_public_key())),
        );
        assert_eq!(made.n().as_ref().bit_width_vartime(), bits);
        assert_eq!(made.e(), &crypto_bigint::BoxedUint::from(exponent));
        let hash = Algorithm::Sha256.hash(b"some text");
        let signature = sign::sign(&key, Algorithm::Sha256, &hash, Scheme::default(), &mut random).unwrap();
        assert_eq!(signature.len() as u32, bits.div_ceil(8), "{bits}");
        assert_eq!(sign::verify(&public, Algorithm::Sha256, &hash, &signature, Scheme::default()), Ok(true));
        for structure in [Structure::Pkcs1, Structure::Pkcs8] {
            let written = key::write_private(&key, structure, true, None, &mut random).unwrap();
            assert!(matches!(key::private_key(&written, None), Ok(key::PrivateKey::Rsa(_))), "{bits}");
            assert!(matches!(key::public_key(&written, None), Ok(key::PublicKey::Rsa(_))), "{bits}");
        }
        let written = key::write_public(&public, Structure::Spki, false).unwrap();
        assert!(matches!(key::public_key(&written, None), Ok(key::PublicKey::Rsa(_))), "{bits}");
    }
    let refused = [
        (511, 3, Error::RSA_TOO_SHORT),
        (4097, 3, Error::RSA_TOO_LONG),
        (1024, 4, Error::RSA_EXPONENT),
        (1024, 1, Error::RSA_EXPONENT),
    ];
    for (bits, exponent, why) in refused {
        assert_eq!(rsa::generate(&mut random, bits, exponent).err(), Some(why));
    }
}

#[test]
fn keys_of_dsa_are_made_and_work() {
    let mut random = Counting(5);
    for (modulus, divisor) in [(1024, None), (1024, Some(160)), (2048, Some(256))] {
        let made = lambkin_crypto::dsa::generate(&mut random, modulus, divisor).unwrap();
        let made = key::PrivateKey::Dsa(Box::new(made));
        let private = key::write_private(&made, Structure::Pkcs8, false, None, &mut random).unwrap();
        let public = key::write_public(&made.public().unwrap(), Structure::Spki, true).unwrap();
        let (private, public) =
            (key::private_key(&private, None).unwrap(), key::public_key(&public, None).unwrap());
        let hash = Algorithm::Sha256.hash(b"some text");
        let signature =
            sign::sign(&private, Algorithm::Sha256, &hash, Scheme::default(), &mut random).unwrap();
        let verified = |hash| sign::verify(&public, Algorithm::Sha256, hash, &signature, Scheme::default());
        assert_eq!(verified(&hash), Ok(true));
        assert_eq!(verified(&Algorithm::Sha256.hash(b"other text")), Ok(false));
    }
    for (modulus, divisor) in [(1024, Some(256)), (1000, None), (0, None), (3072, Some(160))] {
        assert!(lambkin_crypto::dsa::generate(&mut random, modulus, divisor).is_err());
    }
}

/// RFC 5869, A.1.
#[test]
fn hkdf_is_that_of_its_standard() {
    let hex = |digits: &str| unhex(&Value::from(digits));
    let mut key = [0; 42];
    let (salt, info) = (hex("000102030405060708090a0b0c"), hex("f0f1f2f3f4f5f6f7f8f9"));
    kdf::hkdf(Algorithm::Sha256, &[0x0b; 22], &salt, &info, &mut key).unwrap();
    let expected = "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865";
    assert_eq!(key.to_vec(), hex(expected));
    assert_eq!(kdf::hkdf(Algorithm::Sha256, b"", b"", b"", &mut vec![0; 255 * 32 + 1]), Err(Error::TOO_LONG));
}

proptest::proptest! {
    /// Keys come from tenants: no bytes may do more than be refused.
    #[test]
    fn no_bytes_break_the_readers(input: Vec<u8>, passphrase: Option<Vec<u8>>) {
        let _ = key::private_key(&input, passphrase.as_deref());
        let _ = key::public_key(&input, passphrase.as_deref());
        let _ = lambkin_crypto::spkac::Spkac::read(&input).is_some_and(|spkac| spkac.is_signed());
        for curve in [Curve::P256, Curve::P384, Curve::P521, Curve::K256] {
            let _ = curve.convert(&input, Form::Hybrid);
            let _ = curve.private_key(&input);
            let _ = curve.signature_from_der(&input);
        }
    }

    /// Real keys with a byte changed, cut short, or with text before them.
    #[test]
    fn no_change_of_a_key_breaks_the_readers(which in 0_usize..17, at: proptest::sample::Index, byte: u8, cut: bool, as_pem: bool) {
        let keys = recorded("keys");
        let entry = &keys[which % keys.len()];
        let mut input = text(&entry["private"]).as_bytes().to_vec();
        if !as_pem {
            let Ok(key) = key::private_key(&input, Some(b"top secret")) else { return Err(proptest::test_runner::TestCaseError::fail("unreadable")) };
            input = key::write_private(&key, Structure::Pkcs8, false, None, &mut Counting(1)).unwrap();
        }
        let at = at.index(input.len());
        if cut { input.truncate(at) } else { input[at] = byte }
        let _ = key::private_key(&input, Some(b"top secret"));
        let _ = key::public_key(&input, Some(b"top secret"));
    }
}

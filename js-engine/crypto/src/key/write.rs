//! Writes keys.

use der::Encode;
use der::asn1::{AnyRef, BitStringRef, OctetStringRef};
use pkcs8::pkcs5::pbes2::{EncryptionScheme, Parameters, Pbkdf2Params};
use pkcs8::{EncodePrivateKey as _, PrivateKeyInfoRef};
use rand_core::CryptoRng;
use sec1::{EcParameters, EcPrivateKey};
use spki::{AlgorithmIdentifierRef, SubjectPublicKeyInfoRef};

use super::{PrivateKey, PublicKey, Structure, oid, pem};
use crate::error::{Error, Result};

/// A passphrase and the cipher to use.
#[derive(Clone, Copy)]
pub struct Protection<'a> {
    /// The cipher's name.
    pub cipher: &'a str,
    /// The passphrase.
    pub passphrase: &'a [u8],
}

/// OpenSSL's number of them.
const ITERATIONS: u32 = 2048;

const WRONG: Error = Error::WRONG_KEY_KIND;

/// Writes a public key: DER, or PEM.
pub fn write_public(key: &PublicKey, structure: Structure, as_pem: bool) -> Result<Vec<u8>> {
    let (label, der) = match (structure, key) {
        (Structure::Pkcs1, PublicKey::Rsa(key)) => ("RSA PUBLIC KEY", rsa_public(key)?),
        (Structure::Spki, key) => ("PUBLIC KEY", spki(key)?),
        _ => return Err(WRONG),
    };
    Ok(if as_pem { pem::write(label, &der).into_bytes() } else { der })
}

fn rsa_public(key: &rsa::PublicKey) -> Result<Vec<u8>> {
    use pkcs1::EncodeRsaPublicKey as _;
    Ok(key.to_pkcs1_der().map_err(|_| WRONG)?.into_vec())
}

fn spki(key: &PublicKey) -> Result<Vec<u8>> {
    let curve_oid;
    let rsa_key;
    let (oid, parameters, bytes) = match key {
        PublicKey::Rsa(key) => {
            rsa_key = rsa_public(key)?;
            (oid::RSA, Some(AnyRef::NULL), rsa_key.as_slice())
        }
        PublicKey::Dsa(key) => {
            use spki::EncodePublicKey as _;
            return Ok(key.to_public_key_der().map_err(|_| WRONG)?.into_vec());
        }
        PublicKey::Ec { curve, point } => {
            curve_oid = curve.oid();
            (oid::EC, Some(AnyRef::from(&curve_oid)), point.as_slice())
        }
        PublicKey::Ed25519(point) => (oid::ED25519, None, point.as_slice()),
        PublicKey::X25519(point) => (oid::X25519, None, point.as_slice()),
    };
    let subject_public_key = BitStringRef::from_bytes(bytes).map_err(|_| WRONG)?;
    let info =
        SubjectPublicKeyInfoRef { algorithm: AlgorithmIdentifierRef { oid, parameters }, subject_public_key };
    info.to_der().map_err(|_| WRONG)
}

/// Writes a private key: DER, or PEM; encrypted when `protection` says so.
pub fn write_private(
    key: &PrivateKey,
    structure: Structure,
    as_pem: bool,
    protection: Option<Protection<'_>>,
    random: &mut impl CryptoRng,
) -> Result<Vec<u8>> {
    let (label, der) = match (structure, key) {
        (Structure::Pkcs1, PrivateKey::Rsa(key)) => ("RSA PRIVATE KEY", rsa_private(key)?),
        (Structure::Sec1, PrivateKey::Ec { curve, scalar }) => {
            ("EC PRIVATE KEY", sec1(scalar, &curve.public_key(scalar)?, Some(curve.oid()))?)
        }
        (Structure::Pkcs8, key) => ("PRIVATE KEY", pkcs8(key)?),
        _ => return Err(WRONG),
    };
    let Some(Protection { cipher, passphrase }) = protection else {
        return Ok(if as_pem { pem::write(label, &der).into_bytes() } else { der });
    };
    if structure == Structure::Pkcs8 {
        return encrypted(&der, as_pem, cipher, passphrase, random);
    }
    if !as_pem {
        return Err(WRONG);
    }
    let spec = crate::cipher::Spec::named(cipher).ok_or(Error::UNKNOWN_CIPHER)?;
    // Half of the initialisation vector is the salt.
    if spec.iv < 8 {
        return Err(Error::NO_PEM_CIPHER);
    }
    let mut iv = vec![0; spec.iv];
    random.fill_bytes(&mut iv);
    Ok(pem::write_encrypted(label, &der, full_name(cipher), passphrase, &iv)?.into_bytes())
}

/// A cipher's name without abbreviation.
fn full_name(cipher: &str) -> &str {
    match cipher.to_ascii_lowercase().as_str() {
        "aes128" => "aes-128-cbc",
        "aes192" => "aes-192-cbc",
        "aes256" => "aes-256-cbc",
        "bf" | "blowfish" => "bf-cbc",
        "des" => "des-cbc",
        "des3" => "des-ede3-cbc",
        _ => cipher,
    }
}

fn encrypted(
    der: &[u8],
    as_pem: bool,
    cipher: &str,
    passphrase: &[u8],
    random: &mut impl CryptoRng,
) -> Result<Vec<u8>> {
    let (mut salt, mut iv, mut short_iv) = ([0; 16], [0; 16], [0; 8]);
    random.fill_bytes(&mut salt);
    random.fill_bytes(&mut iv);
    short_iv.copy_from_slice(&iv[..8]);
    let encryption = match full_name(cipher).to_ascii_lowercase().as_str() {
        "aes-128-cbc" => EncryptionScheme::Aes128Cbc { iv },
        "aes-192-cbc" => EncryptionScheme::Aes192Cbc { iv },
        "aes-256-cbc" => EncryptionScheme::Aes256Cbc { iv },
        "des-ede3-cbc" => EncryptionScheme::DesEde3Cbc { iv: short_iv },
        _ => return Err(Error::NO_PKCS8_CIPHER),
    };
    let kdf = Pbkdf2Params::hmac_sha256(ITERATIONS, &salt).map_err(|_| WRONG)?.into();
    let parameters = Parameters { kdf, encryption };
    let info = PrivateKeyInfoRef::try_from(der).map_err(|_| WRONG)?;
    let document = info.encrypt_with_params(parameters, passphrase).map_err(|_| WRONG)?;
    let der = document.as_bytes();
    Ok(if as_pem { pem::write("ENCRYPTED PRIVATE KEY", der).into_bytes() } else { der.to_vec() })
}

fn rsa_private(key: &rsa::PrivateKey) -> Result<Vec<u8>> {
    use pkcs1::EncodeRsaPrivateKey as _;
    Ok(key.to_pkcs1_der().map_err(|_| WRONG)?.as_bytes().to_vec())
}

fn sec1(scalar: &[u8], point: &[u8], curve: Option<spki::ObjectIdentifier>) -> Result<Vec<u8>> {
    let parameters = curve.map(EcParameters::NamedCurve);
    EcPrivateKey { private_key: scalar, parameters, public_key: Some(point) }.to_der().map_err(|_| WRONG)
}

fn pkcs8(key: &PrivateKey) -> Result<Vec<u8>> {
    let curve_oid;
    let wrap =
        |secret: &[u8; 32]| OctetStringRef::new(secret).and_then(|octets| octets.to_der()).map_err(|_| WRONG);
    let (oid, parameters, bytes) = match key {
        PrivateKey::Rsa(key) => return Ok(key.to_pkcs8_der().map_err(|_| WRONG)?.as_bytes().to_vec()),
        PrivateKey::Dsa(key) => return Ok(key.to_pkcs8_der().map_err(|_| WRONG)?.as_bytes().to_vec()),
        PrivateKey::Ec { curve, scalar } => {
            curve_oid = curve.oid();
            (oid::EC, Some(AnyRef::from(&curve_oid)), sec1(scalar, &curve.public_key(scalar)?, None)?)
        }
        PrivateKey::Ed25519(seed) => (oid::ED25519, None, wrap(seed)?),
        PrivateKey::X25519(secret) => (oid::X25519, None, wrap(secret)?),
    };
    let private_key = OctetStringRef::new(&bytes).map_err(|_| WRONG)?;
    PrivateKeyInfoRef::new(AlgorithmIdentifierRef { oid, parameters }, private_key)
        .to_der()
        .map_err(|_| WRONG)
}

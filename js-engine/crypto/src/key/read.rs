//! Reads keys: PEM or DER; PKCS #1, PKCS #8 (encrypted, too), SPKI, SEC 1, certificates.

use crypto_bigint::BoxedUint;
use der::{Decode, Encode};
use pkcs8::{EncryptedPrivateKeyInfoRef, PrivateKeyInfoRef};
use sec1::{EcParameters, EcPrivateKey};
use spki::{ObjectIdentifier, SubjectPublicKeyInfoRef};

use super::pem::Block;
use super::{PrivateKey, PublicKey, oid, pkcs12};
use crate::dsa;
use crate::ec::{Curve, Form};
use crate::error::{Error, Result};

/// How many bits the modulus of a public key may have: as few as OpenSSL makes keys with.
const RSA_SIZES: std::ops::RangeInclusive<usize> = 512..=rsa::PublicKey::MAX_SIZE;

fn is_private(label: &str) -> bool {
    label == "PRIVATE KEY" || label.ends_with(" PRIVATE KEY")
}

/// Reads a private key.
pub fn private_key(input: &[u8], passphrase: Option<&[u8]>) -> Result<PrivateKey> {
    if !looks_like_pem(input) {
        return private_der(input, passphrase);
    }
    let block = Block::find(input, is_private)?;
    match block.label.as_str() {
        "PRIVATE KEY" => pkcs8(&block.data),
        "ENCRYPTED PRIVATE KEY" => encrypted_pkcs8(&block.data, passphrase),
        "RSA PRIVATE KEY" => pkcs1(&block.open(passphrase)?),
        "DSA PRIVATE KEY" => Ok(PrivateKey::Dsa(Box::new(dsa::private_key(&block.open(passphrase)?)?))),
        "EC PRIVATE KEY" => sec1(&block.open(passphrase)?, None),
        _ => Err(Error::UNSUPPORTED_KEY),
    }
}

/// Reads a public key; of a private key or a certificate the public key in it.
pub fn public_key(input: &[u8], passphrase: Option<&[u8]>) -> Result<PublicKey> {
    if !looks_like_pem(input) {
        return spki(input)
            .or_else(|_| rsa_public(input))
            .or_else(|_| certificate(input))
            .or_else(|_| private_der(input, passphrase)?.public());
    }
    let is_wanted = |label: &str| {
        matches!(
            label,
            "PUBLIC KEY" | "RSA PUBLIC KEY" | "CERTIFICATE" | "X509 CERTIFICATE" | "TRUSTED CERTIFICATE"
        ) || is_private(label)
    };
    let block = Block::find(input, is_wanted)?;
    match block.label.as_str() {
        "PUBLIC KEY" => spki(&block.data),
        "RSA PUBLIC KEY" => rsa_public(&block.data),
        label if is_private(label) => private_key(input, passphrase)?.public(),
        _ => certificate(&block.data),
    }
}

/// DER begins with a sequence; that byte is also the digit 0, but PEM has more to it.
fn looks_like_pem(input: &[u8]) -> bool {
    input.first() != Some(&0x30) || input.windows(11).any(|window| window == b"-----BEGIN ")
}

fn private_der(der: &[u8], passphrase: Option<&[u8]>) -> Result<PrivateKey> {
    if let Some(plain) = pkcs12::decrypt(der, passphrase) {
        return pkcs8(&plain?);
    }
    if EncryptedPrivateKeyInfoRef::from_der(der).is_ok() {
        return encrypted_pkcs8(der, passphrase);
    }
    pkcs8(der)
        .or_else(|_| pkcs1(der))
        .or_else(|_| sec1(der, None))
        .or_else(|_| Ok(PrivateKey::Dsa(Box::new(dsa::private_key(der)?))))
}

fn encrypted_pkcs8(der: &[u8], passphrase: Option<&[u8]>) -> Result<PrivateKey> {
    if let Some(plain) = pkcs12::decrypt(der, passphrase) {
        return pkcs8(&plain?);
    }
    let info = EncryptedPrivateKeyInfoRef::from_der(der).map_err(|_| Error::BAD_KEY)?;
    let passphrase = passphrase.ok_or(Error::NO_PASSPHRASE)?;
    let plain = info.decrypt(passphrase).map_err(|_| Error::BAD_PASSPHRASE)?;
    pkcs8(plain.as_bytes())
}

fn pkcs8(der: &[u8]) -> Result<PrivateKey> {
    let info = PrivateKeyInfoRef::from_der(der).map_err(|_| Error::BAD_KEY)?;
    let bytes = info.private_key.as_bytes();
    // The two new curves wrap the key once more.
    let wrapped = || <&der::asn1::OctetStringRef>::from_der(bytes).ok()?.as_bytes().try_into().ok();
    match info.algorithm.oid {
        oid::RSA => pkcs1(bytes),
        oid::EC => {
            let curve = info.algorithm.parameters.and_then(|any| any.decode_as::<ObjectIdentifier>().ok());
            sec1(bytes, Some(curve.and_then(Curve::from_oid).ok_or(Error::UNSUPPORTED_KEY)?))
        }
        oid::DSA => {
            let key = dsa::PrivateKey::try_from(info).map_err(|_| Error::UNSUPPORTED_KEY)?;
            Ok(PrivateKey::Dsa(Box::new(key)))
        }
        oid::ED25519 => wrapped().map(PrivateKey::Ed25519).ok_or(Error::BAD_KEY),
        oid::X25519 => wrapped().map(PrivateKey::X25519).ok_or(Error::BAD_KEY),
        _ => Err(Error::UNSUPPORTED_KEY),
    }
}

fn pkcs1(der: &[u8]) -> Result<PrivateKey> {
    let key = pkcs1::RsaPrivateKeyRef::from_der(der).map_err(|_| Error::BAD_KEY)?;
    let key = rsa::PrivateKey::try_from(key).map_err(|_| Error::UNSUPPORTED_KEY)?;
    Ok(PrivateKey::Rsa(Box::new(key)))
}

fn sec1(der: &[u8], known: Option<Curve>) -> Result<PrivateKey> {
    let key = EcPrivateKey::from_der(der).map_err(|_| Error::BAD_KEY)?;
    let named = match key.parameters {
        Some(EcParameters::NamedCurve(curve)) => Curve::from_oid(curve),
        None => None,
    };
    let curve = known.or(named).ok_or(Error::UNSUPPORTED_KEY)?;
    Ok(PrivateKey::Ec { curve, scalar: curve.private_key(key.private_key)? })
}

fn rsa_public(der: &[u8]) -> Result<PublicKey> {
    let key = pkcs1::RsaPublicKeyRef::from_der(der).map_err(|_| Error::BAD_KEY)?;
    let number = |number: pkcs1::UintRef<'_>| {
        let bytes = number.as_bytes();
        BoxedUint::from_be_slice(bytes, bytes.len() as u32 * 8).map_err(|_| Error::BAD_KEY)
    };
    let (modulus, exponent) = (number(key.modulus)?, number(key.public_exponent)?);
    let key = rsa::PublicKey::new_with_size_limits(modulus, exponent, RSA_SIZES);
    Ok(PublicKey::Rsa(Box::new(key.map_err(|_| Error::UNSUPPORTED_KEY)?)))
}

fn spki(der: &[u8]) -> Result<PublicKey> {
    let info = SubjectPublicKeyInfoRef::from_der(der).map_err(|_| Error::BAD_KEY)?;
    let bytes = info.subject_public_key.as_bytes().ok_or(Error::BAD_KEY)?;
    let point = || bytes.try_into().map_err(|_| Error::BAD_KEY);
    match info.algorithm.oid {
        oid::RSA => rsa_public(bytes),
        oid::EC => {
            let curve = info.algorithm.parameters.and_then(|any| any.decode_as::<ObjectIdentifier>().ok());
            let curve = curve.and_then(Curve::from_oid).ok_or(Error::UNSUPPORTED_KEY)?;
            Ok(PublicKey::Ec { curve, point: curve.convert(bytes, Form::Uncompressed)? })
        }
        oid::DSA => {
            let key = dsa::PublicKey::try_from(info).map_err(|_| Error::UNSUPPORTED_KEY)?;
            Ok(PublicKey::Dsa(Box::new(key)))
        }
        oid::ED25519 => Ok(PublicKey::Ed25519(point()?)),
        oid::X25519 => Ok(PublicKey::X25519(point()?)),
        _ => Err(Error::UNSUPPORTED_KEY),
    }
}

fn certificate(der: &[u8]) -> Result<PublicKey> {
    let certificate = x509_cert::Certificate::from_der(der).map_err(|_| Error::BAD_KEY)?;
    let info = certificate.tbs_certificate().subject_public_key_info().to_der();
    spki(&info.map_err(|_| Error::BAD_KEY)?)
}

//! PEM as OpenSSL reads it: text around it, headers in it, lines of any length. RFC 7468 is stricter than the keys
//! people have.

use base64ct::{Base64, Encoding};

use crate::cipher::Cipher;
use crate::digest::Algorithm;
use crate::error::{Error, Result};
use crate::kdf;

/// One block.
pub struct Block {
    /// What it says it is.
    pub label: String,
    /// What is in it.
    pub data: Vec<u8>,
    /// What it is encrypted with: the cipher's name and the initialisation vector.
    encryption: Option<(String, Vec<u8>)>,
}

impl Block {
    /// The first block whose label `wanted` accepts.
    pub fn find(text: &[u8], wanted: impl Fn(&str) -> bool) -> Result<Self> {
        let text = String::from_utf8_lossy(text);
        let mut lines = text.lines();
        while let Some(line) = lines.next() {
            let label =
                line.trim_end().strip_prefix("-----BEGIN ").and_then(|rest| rest.strip_suffix("-----"));
            let Some(label) = label else { continue };
            if !wanted(label) {
                continue;
            }
            let end = format!("-----END {label}-----");
            let (mut body, mut encryption, mut is_complete) = (String::new(), None, false);
            for line in lines.by_ref() {
                let line = line.trim();
                if line == end {
                    is_complete = true;
                    break;
                }
                match line.split_once(':') {
                    Some(("DEK-Info", value)) => encryption = Some(encryption_of(value)?),
                    Some(_) => {}
                    None => body.extend(line.chars().filter(|character| !character.is_whitespace())),
                }
            }
            if !is_complete {
                return Err(Error("error:09091064:PEM routines:get_header_and_data:bad end line"));
            }
            let data = Base64::decode_vec(&body).map_err(|_| Error::BAD_BASE64)?;
            return Ok(Self { label: label.to_owned(), data, encryption });
        }
        Err(Error::NO_START_LINE)
    }

    /// The data, decrypted when it has to be.
    pub fn open(self, passphrase: Option<&[u8]>) -> Result<Vec<u8>> {
        let Some((name, iv)) = self.encryption else { return Ok(self.data) };
        let passphrase = passphrase.ok_or(Error::NO_PASSPHRASE)?;
        let mut cipher = cipher_for(&name, &iv, passphrase, false)?;
        let mut data = cipher.update(&self.data)?;
        data.extend(cipher.finish().map_err(|_| Error::BAD_PASSPHRASE)?);
        Ok(data)
    }
}

fn encryption_of(value: &str) -> Result<(String, Vec<u8>)> {
    let (name, iv) = value.split_once(',').ok_or(Error::BAD_KEY)?;
    let iv = iv.trim().as_bytes();
    let iv = iv.chunks(2).map(|pair| {
        let digits = std::str::from_utf8(pair).map_err(|_| Error::BAD_KEY)?;
        u8::from_str_radix(digits, 16).map_err(|_| Error::BAD_KEY)
    });
    Ok((name.trim().to_owned(), iv.collect::<Result<_>>()?))
}

/// The salt is the first half of the initialisation vector.
fn cipher_for(name: &str, iv: &[u8], passphrase: &[u8], encrypts: bool) -> Result<Cipher> {
    let spec = crate::cipher::Spec::named(name).ok_or(Error::UNKNOWN_CIPHER)?;
    let salt = iv.first_chunk::<8>().ok_or(Error::BAD_KEY)?;
    let key = kdf::bytes_to_key(Algorithm::Md5, passphrase, salt, spec.key);
    Cipher::new(name, &key, Some(iv), encrypts, None)
}

/// Writes a block.
pub fn write(label: &str, data: &[u8]) -> String {
    wrap(label, "", data)
}

/// Writes a block encrypted the old way, which is the only one PKCS #1 and SEC 1 have.
pub fn write_encrypted(label: &str, data: &[u8], name: &str, passphrase: &[u8], iv: &[u8]) -> Result<String> {
    let mut cipher = cipher_for(name, iv, passphrase, true)?;
    let mut encrypted = cipher.update(data)?;
    encrypted.extend(cipher.finish()?);
    let iv: String = iv.iter().map(|byte| format!("{byte:02X}")).collect();
    let header = format!("Proc-Type: 4,ENCRYPTED\nDEK-Info: {},{iv}\n\n", name.to_ascii_uppercase());
    Ok(wrap(label, &header, &encrypted))
}

fn wrap(label: &str, header: &str, data: &[u8]) -> String {
    let encoded = Base64::encode_string(data);
    let mut text = format!("-----BEGIN {label}-----\n{header}");
    let mut rest = encoded.as_str();
    while !rest.is_empty() {
        let (line, next) = rest.split_at(rest.len().min(64));
        text.push_str(line);
        text.push('\n');
        rest = next;
    }
    text + "-----END " + label + "-----\n"
}

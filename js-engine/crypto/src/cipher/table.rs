//! The ciphers there are.

/// How the blocks of a cipher are chained.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names are the modes' own")]
pub enum Kind {
    Ecb,
    Cbc,
    Cfb,
    Cfb8,
    Ofb,
    Ctr,
    Gcm,
    Ccm,
    ChaCha20,
    ChaCha20Poly1305,
}

/// What encrypts a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names are the algorithms' own")]
pub enum Block {
    Aes128,
    Aes192,
    Aes256,
    Des,
    TripleDes2,
    TripleDes3,
    None,
}

/// A cipher and its measures in bytes.
#[derive(Clone, Copy, Debug)]
pub struct Spec {
    /// The chaining.
    pub kind: Kind,
    /// The block cipher.
    pub cipher: Block,
    /// Length of the key.
    pub key: usize,
    /// Length of the initialisation vector; where several will do, the usual one.
    pub iv: usize,
    /// Length of a block.
    pub block: usize,
}

/// The names as OpenSSL lists them.
pub const NAMES: [&str; 53] = [
    "aes-128-cbc",
    "aes-128-ccm",
    "aes-128-cfb",
    "aes-128-cfb8",
    "aes-128-ctr",
    "aes-128-ecb",
    "aes-128-gcm",
    "aes-128-ofb",
    "aes-192-cbc",
    "aes-192-ccm",
    "aes-192-cfb",
    "aes-192-cfb8",
    "aes-192-ctr",
    "aes-192-ecb",
    "aes-192-gcm",
    "aes-192-ofb",
    "aes-256-cbc",
    "aes-256-ccm",
    "aes-256-cfb",
    "aes-256-cfb8",
    "aes-256-ctr",
    "aes-256-ecb",
    "aes-256-gcm",
    "aes-256-ofb",
    "aes128",
    "aes192",
    "aes256",
    "chacha20",
    "chacha20-poly1305",
    "des",
    "des-cbc",
    "des-cfb",
    "des-cfb8",
    "des-ecb",
    "des-ede",
    "des-ede-cbc",
    "des-ede-cfb",
    "des-ede-ecb",
    "des-ede-ofb",
    "des-ede3",
    "des-ede3-cbc",
    "des-ede3-cfb",
    "des-ede3-cfb8",
    "des-ede3-ecb",
    "des-ede3-ofb",
    "des-ofb",
    "des3",
    "id-aes128-CCM",
    "id-aes128-GCM",
    "id-aes192-CCM",
    "id-aes192-GCM",
    "id-aes256-CCM",
    "id-aes256-GCM",
];

impl Spec {
    /// Finds a cipher; upper and lower case are the same.
    pub fn named(name: &str) -> Option<Self> {
        let lower = name.to_ascii_lowercase();
        let plain = match lower.as_str() {
            "aes128" => "aes-128-cbc",
            "aes192" => "aes-192-cbc",
            "aes256" => "aes-256-cbc",
            "id-aes128-gcm" => "aes-128-gcm",
            "id-aes128-ccm" => "aes-128-ccm",
            "id-aes192-ccm" => "aes-192-ccm",
            "id-aes256-ccm" => "aes-256-ccm",
            "id-aes192-gcm" => "aes-192-gcm",
            "id-aes256-gcm" => "aes-256-gcm",
            "des" => "des-cbc",
            "des3" => "des-ede3-cbc",
            "des-ede" => "des-ede-ecb",
            "des-ede3" => "des-ede3-ecb",
            "chacha20" => {
                return Some(Self { kind: Kind::ChaCha20, cipher: Block::None, key: 32, iv: 16, block: 1 });
            }
            "chacha20-poly1305" => {
                let kind = Kind::ChaCha20Poly1305;
                return Some(Self { kind, cipher: Block::None, key: 32, iv: 12, block: 1 });
            }
            other => other,
        };
        let (cipher, mode) = plain.rsplit_once('-')?;
        let (cipher, key, block) = match cipher {
            "aes-128" => (Block::Aes128, 16, 16),
            "aes-192" => (Block::Aes192, 24, 16),
            "aes-256" => (Block::Aes256, 32, 16),
            "des" => (Block::Des, 8, 8),
            "des-ede" => (Block::TripleDes2, 16, 8),
            "des-ede3" => (Block::TripleDes3, 24, 8),
            _ => return None,
        };
        let (kind, iv) = match mode {
            "ecb" => (Kind::Ecb, 0),
            "cbc" => (Kind::Cbc, block),
            "cfb" | "cfb128" => (Kind::Cfb, block),
            "cfb8" => (Kind::Cfb8, block),
            "ofb" => (Kind::Ofb, block),
            "ctr" if block == 16 => (Kind::Ctr, block),
            "gcm" if block == 16 => (Kind::Gcm, 12),
            "ccm" if block == 16 => (Kind::Ccm, 12),
            _ => return None,
        };
        Some(Self { kind, cipher, key, iv, block })
    }

    /// Whether messages get a tag.
    pub fn is_authenticated(&self) -> bool {
        matches!(self.kind, Kind::Gcm | Kind::Ccm | Kind::ChaCha20Poly1305)
    }
}

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
    Ocb,
    ChaCha20,
    ChaCha20Poly1305,
    Wrap,
    PaddedWrap,
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
    Blowfish,
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
pub const NAMES: [&str; 73] = [
    "aes-128-cbc",
    "aes-128-ccm",
    "aes-128-cfb",
    "aes-128-cfb8",
    "aes-128-ctr",
    "aes-128-ecb",
    "aes-128-gcm",
    "aes-128-ocb",
    "aes-128-ofb",
    "aes-192-cbc",
    "aes-192-ccm",
    "aes-192-cfb",
    "aes-192-cfb8",
    "aes-192-ctr",
    "aes-192-ecb",
    "aes-192-gcm",
    "aes-192-ocb",
    "aes-192-ofb",
    "aes-256-cbc",
    "aes-256-ccm",
    "aes-256-cfb",
    "aes-256-cfb8",
    "aes-256-ctr",
    "aes-256-ecb",
    "aes-256-gcm",
    "aes-256-ocb",
    "aes-256-ofb",
    "aes128",
    "aes128-wrap",
    "aes192",
    "aes192-wrap",
    "aes256",
    "aes256-wrap",
    "bf",
    "bf-cbc",
    "bf-cfb",
    "bf-ecb",
    "bf-ofb",
    "blowfish",
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
    "des3-wrap",
    "id-aes128-CCM",
    "id-aes128-GCM",
    "id-aes128-wrap",
    "id-aes128-wrap-pad",
    "id-aes192-CCM",
    "id-aes192-GCM",
    "id-aes192-wrap",
    "id-aes192-wrap-pad",
    "id-aes256-CCM",
    "id-aes256-GCM",
    "id-aes256-wrap",
    "id-aes256-wrap-pad",
    "id-smime-alg-CMS3DESwrap",
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
            "aes128-wrap" | "id-aes128-wrap" => "aes-128-wrap",
            "aes192-wrap" | "id-aes192-wrap" => "aes-192-wrap",
            "aes256-wrap" | "id-aes256-wrap" => "aes-256-wrap",
            "id-aes128-wrap-pad" => "aes-128-pad",
            "id-aes192-wrap-pad" => "aes-192-pad",
            "id-aes256-wrap-pad" => "aes-256-pad",
            "bf" | "blowfish" => "bf-cbc",
            "des3-wrap" | "id-smime-alg-cms3deswrap" => {
                return Some(Self { kind: Kind::Wrap, cipher: Block::TripleDes3, key: 24, iv: 0, block: 8 });
            }
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
        let is_renamed = plain != lower;
        let (cipher, mode) = plain.rsplit_once('-')?;
        let (cipher, key, block) = match cipher {
            "aes-128" => (Block::Aes128, 16, 16),
            "aes-192" => (Block::Aes192, 24, 16),
            "aes-256" => (Block::Aes256, 32, 16),
            "des" => (Block::Des, 8, 8),
            "des-ede" => (Block::TripleDes2, 16, 8),
            "des-ede3" => (Block::TripleDes3, 24, 8),
            "bf" => (Block::Blowfish, 16, 8),
            _ => return None,
        };
        let (kind, iv) = match mode {
            "ecb" => (Kind::Ecb, 0),
            "cbc" => (Kind::Cbc, block),
            "cfb" | "cfb128" => (Kind::Cfb, block),
            "cfb8" if cipher != Block::Blowfish => (Kind::Cfb8, block),
            "ofb" => (Kind::Ofb, block),
            "ctr" if block == 16 => (Kind::Ctr, block),
            "gcm" if block == 16 => (Kind::Gcm, 12),
            "ocb" if block == 16 => (Kind::Ocb, 12),
            "ccm" if block == 16 => (Kind::Ccm, 12),
            // Names of ours, above: OpenSSL has others for these.
            "wrap" if block == 16 && is_renamed => (Kind::Wrap, 8),
            "pad" if block == 16 && is_renamed => (Kind::PaddedWrap, 4),
            _ => return None,
        };
        Some(Self { kind, cipher, key, iv, block })
    }

    /// Whether keys may be of this length: Blowfish's have any, up to 448 bits.
    pub fn takes_key_of(&self, length: usize) -> bool {
        if self.cipher == Block::Blowfish { (1..=56).contains(&length) } else { length == self.key }
    }

    /// Whether messages get a tag.
    pub fn is_authenticated(&self) -> bool {
        matches!(self.kind, Kind::Gcm | Kind::Ccm | Kind::Ocb | Kind::ChaCha20Poly1305)
    }
}

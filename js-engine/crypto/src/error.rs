//! Why an operation failed, in the words OpenSSL has for it: Node's users search the web for them.

/// A failure. The text is what JavaScript sees as the error's message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Error(pub &'static str);

/// The result of everything here.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// The padding of the last block is wrong: the key, the initialisation vector or the data is.
    pub const BAD_DECRYPT: Self =
        Self("error:06065064:digital envelope routines:EVP_DecryptFinal_ex:bad decrypt");
    /// The data is no whole number of blocks.
    pub const WRONG_FINAL_BLOCK: Self =
        Self("error:0606506D:digital envelope routines:EVP_DecryptFinal_ex:wrong final block length");
    /// The data is no whole number of blocks, and padding is off.
    pub const NOT_WHOLE_BLOCKS: Self = Self(
        "error:0607F08A:digital envelope routines:EVP_EncryptFinal_ex:data not multiple of block length",
    );
    /// The tag is wrong or missing.
    pub const UNAUTHENTIC: Self = Self("Unsupported state or unable to authenticate data");
    /// The tag's length is none that the cipher has.
    pub const TAG_LENGTH: Self = Self("Invalid authentication tag length");
    /// The cipher has no usual length of tags.
    pub const TAG_LENGTH_MISSING: Self = Self("authTagLength required");
    /// The operation came too early or too late.
    pub const STATE: Self = Self("Unsupported state");
    /// The cipher's name is not known.
    pub const UNKNOWN_CIPHER: Self = Self("Unknown cipher");
    /// The key does not fit the cipher.
    pub const KEY_LENGTH: Self = Self("Invalid key length");
    /// The initialisation vector does not fit the cipher.
    pub const IV_LENGTH: Self = Self("Invalid IV length");
    /// There is no key in the text.
    pub const NO_START_LINE: Self = Self("error:0909006C:PEM routines:get_name:no start line");
    /// The text between the key's first and last line is not base64.
    pub const BAD_BASE64: Self = Self("error:09091064:PEM routines:PEM_read_bio_ex:bad base64 decode");
    /// The key is encrypted and no passphrase was given: for Node that is an empty one.
    pub const NO_PASSPHRASE: Self = Self::BAD_PASSPHRASE;
    /// The passphrase is wrong.
    pub const BAD_PASSPHRASE: Self =
        Self("error:06065064:digital envelope routines:EVP_DecryptFinal_ex:bad decrypt");
    /// The key's bytes are not what its label says.
    pub const BAD_KEY: Self = Self("error:0D0680A8:asn1 encoding routines:asn1_check_tlen:wrong tag");
    /// The key is of a kind, or uses parameters, that are not offered.
    pub const UNSUPPORTED_KEY: Self =
        Self("error:0606F077:digital envelope routines:EVP_PKCS82PKEY:unsupported private key algorithm");
    /// The key's kind cannot do what was asked.
    pub const WRONG_KEY_KIND: Self = Self(
        "error:0608B096:digital envelope routines:EVP_PKEY_CTX_new:operation not supported for this keytype",
    );
    /// The data is longer than the key can take.
    pub const TOO_LARGE_FOR_KEY: Self =
        Self("error:0406D06E:rsa routines:RSA_padding_add_PKCS1_type_2:data too large for key size");
    /// The data is not a number below the key's modulus.
    pub const TOO_LARGE_FOR_MODULUS: Self =
        Self("error:04065084:rsa routines:rsa_ossl_private_decrypt:data too large for modulus");
    /// The padding inside is wrong.
    pub const OAEP: Self =
        Self("error:04099079:rsa routines:RSA_padding_check_PKCS1_OAEP_mgf1:oaep decoding error");
    /// The padding inside is wrong.
    pub const PADDING_CHECK: Self =
        Self("error:0407006A:rsa routines:RSA_padding_check_PKCS1_type_1:block type is not 01");
    /// The padding's number is not known.
    pub const UNKNOWN_PADDING: Self =
        Self("error:04066076:rsa routines:rsa_ossl_public_encrypt:unknown padding type");
    /// The modulus is too short for the hash.
    pub const DIGEST_TOO_BIG: Self = Self("error:04075070:rsa routines:RSA_sign:digest too big for rsa key");
    /// The hash's name is not known, or it cannot be signed with.
    pub const UNKNOWN_DIGEST: Self = Self("Unknown message digest");
    /// Curve name.
    pub const CURVE: Self = Self("Invalid ECDH curve name");
    /// The bytes are no point of the curve.
    pub const POINT: Self = Self("Failed to translate Buffer to a EC_POINT");
    /// The bytes are no private key of the curve.
    pub const PRIVATE_KEY: Self = Self("Private key is not valid for specified curve.");
    /// Nothing secret comes of the two keys.
    pub const DERIVATION: Self =
        Self("error:06092086:digital envelope routines:EVP_PKEY_derive:derivation failed");
    /// The length asked for cannot be derived.
    pub const TOO_LONG: Self = Self("error:0606A041:digital envelope routines:EVP_DigestFinalXOF:too long");
    /// RSA keys are not made that short.
    pub const RSA_TOO_SHORT: Self = Self("error:0408F078:rsa routines:pkey_rsa_ctrl:key size too small");
    /// No exponent of RSA.
    pub const RSA_EXPONENT: Self = Self("error:0408F065:rsa routines:pkey_rsa_ctrl:bad e value");
    /// RSA keys are not made that long: it would take minutes.
    pub const RSA_TOO_LONG: Self =
        Self("the key's parameters are not supported: RSA keys are made with up to 4096 bits");
    /// DSA keys of such sizes are not made.
    pub const GENERATE_DSA: Self = Self(
        "the key's parameters are not supported: DSA keys are made with 1024 and 160, 2048 and 224 or 256, 3072 and 256 bits",
    );
    /// The cipher cannot be written into PKCS #8.
    pub const NO_PKCS8_CIPHER: Self =
        Self("error:0D0A706C:asn1 encoding routines:PKCS5_pbe2_set_iv:cipher has no object identifier");
    /// The cipher cannot be written into the head of a PEM text.
    pub const NO_PEM_CIPHER: Self = Self("error:09069071:PEM routines:PEM_ASN1_write_bio:unsupported cipher");
}

impl std::fmt::Display for Error {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.0)
    }
}

impl std::error::Error for Error {}

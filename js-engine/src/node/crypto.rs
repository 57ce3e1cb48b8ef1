//! The binding behind Node's `crypto`, over `lambkin-crypto`. What is under way (a hash, a cipher) is kept here under a
//! number; an instance serves one invocation, so numbers are never given back.

use std::cell::RefCell;

use javy::quickjs::convert::List;
use javy::quickjs::function::Opt;
use javy::quickjs::{ArrayBuffer, Ctx, Error, Function, Object, Value};
use lambkin_abi::Warning;
use lambkin_crypto::cipher::{self, Cipher};
use lambkin_crypto::digest::{self, Algorithm, Hash};
use lambkin_crypto::ec::{Curve, Form};
use lambkin_crypto::key::{self, PrivateKey, Protection, Structure};
use lambkin_crypto::mac::Hmac;
use lambkin_crypto::rand_core::{Infallible, TryCryptoRng, TryRng};
use lambkin_crypto::rsa::{self, Padding};
use lambkin_crypto::sign::{self, Encoding, Salt, Scheme};
use lambkin_crypto::spkac::Spkac;
use lambkin_crypto::{curve25519, dh, dsa, kdf};

use super::wrong_type;
use crate::{freeze, values};

enum Work {
    Hash(Hash),
    Hmac(Hmac),
    Cipher(Cipher),
    Over,
}

thread_local! {
    static WORK: RefCell<Vec<Work>> = const { RefCell::new(Vec::new()) };
}

/// The host's randomness; none of it is kept, because the memory is copied.
struct System;

unsafe extern "C" {
    fn getentropy(target: *mut u8, len: usize) -> i32;
}

impl TryRng for System {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok(self.try_next_u64()? as u32)
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let mut bytes = [0; 8];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u64::from_le_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, target: &mut [u8]) -> Result<(), Infallible> {
        freeze::warn_at_top_level(Warning::RandomAtTopLevel);
        // No more than 256 bytes at a time.
        for part in target.chunks_mut(256) {
            // SAFETY: the pointer is followed by that many writable bytes.
            let status = unsafe { getentropy(part.as_mut_ptr(), part.len()) };
            assert_eq!(status, 0, "the host has no randomness");
        }
        Ok(())
    }
}

impl TryCryptoRng for System {}

/// Defines the functions.
pub fn define<'js>(ctx: &Ctx<'js>, node: &Object<'js>) -> Result<(), Error> {
    let define = |name: &str, function: Result<Function<'js>, Error>| node.set(name, function?);
    node.set("hashNames", [&digest::NAMES[..], &digest::MORE_NAMES[..]].concat())?;
    node.set("cipherNames", cipher::NAMES.to_vec())?;
    define("hashStart", Function::new(ctx.clone(), hash_start))?;
    define("hmacStart", Function::new(ctx.clone(), hmac_start))?;
    define("workUpdate", Function::new(ctx.clone(), update))?;
    define("workFinish", Function::new(ctx.clone(), finish))?;
    define("cipherStart", Function::new(ctx.clone(), cipher_start))?;
    define("cipherPassword", Function::new(ctx.clone(), cipher_password))?;
    define("cipherUpdate", Function::new(ctx.clone(), cipher_update))?;
    define("cipherFinish", Function::new(ctx.clone(), cipher_finish))?;
    define("cipherPadding", Function::new(ctx.clone(), cipher_padding))?;
    define("cipherTag", Function::new(ctx.clone(), cipher_tag))?;
    define("cipherSetTag", Function::new(ctx.clone(), cipher_set_tag))?;
    define("cipherAssociated", Function::new(ctx.clone(), cipher_associated))?;
    define("randomFill", Function::new(ctx.clone(), random_fill))?;
    define("equalInTime", Function::new(ctx.clone(), equal))?;
    define("pbkdf2", Function::new(ctx.clone(), pbkdf2))?;
    define("scrypt", Function::new(ctx.clone(), scrypt))?;
    define("sign", Function::new(ctx.clone(), sign))?;
    define("verify", Function::new(ctx.clone(), verify))?;
    define("signMessage", Function::new(ctx.clone(), sign_message))?;
    define("verifyMessage", Function::new(ctx.clone(), verify_message))?;
    define("rsa", Function::new(ctx.clone(), rsa_operation))?;
    define("keyPair", Function::new(ctx.clone(), key_pair))?;
    define("spkac", Function::new(ctx.clone(), signed_key))?;
    define("curve", Function::new(ctx.clone(), curve_operation))?;
    define("diffieHellman", Function::new(ctx.clone(), diffie_hellman))
}

fn bytes<'js>(ctx: &Ctx<'js>, value: &Value<'js>) -> Result<Vec<u8>, Error> {
    let bytes = values::bytes_of(ctx, value).ok_or_else(|| wrong_type(ctx, "argument must be a buffer"))?;
    Ok(bytes.get().to_vec())
}

/// The bytes of an argument that may be missing.
fn given<'js>(ctx: &Ctx<'js>, value: Opt<Value<'js>>) -> Result<Vec<u8>, Error> {
    match value.0 {
        Some(value) if !value.is_undefined() => bytes(ctx, &value),
        _ => Ok(Vec::new()),
    }
}

/// Throws what the library says.
fn checked<T>(ctx: &Ctx<'_>, result: lambkin_crypto::Result<T>) -> Result<T, Error> {
    result.map_err(|error| values::throw(ctx, error.0))
}

fn buffer<'js>(ctx: &Ctx<'js>, bytes: Vec<u8>) -> Result<ArrayBuffer<'js>, Error> {
    ArrayBuffer::new(ctx.clone(), bytes)
}

fn keep(work: Work) -> usize {
    WORK.with_borrow_mut(|all| {
        all.push(work);
        all.len() - 1
    })
}

fn take(number: usize) -> Work {
    WORK.with_borrow_mut(|all| {
        all.get_mut(number).map_or(Work::Over, |work| std::mem::replace(work, Work::Over))
    })
}

fn with_cipher<'js, R>(
    ctx: &Ctx<'js>,
    number: usize,
    action: impl FnOnce(&mut Cipher) -> lambkin_crypto::Result<R>,
) -> Result<R, Error> {
    let outcome = WORK.with_borrow_mut(|all| match all.get_mut(number) {
        Some(Work::Cipher(cipher)) => action(cipher),
        _ => Err(lambkin_crypto::Error::STATE),
    });
    checked(ctx, outcome)
}

/// The hash's number; `undefined` when there is no such hash.
fn hash_start(name: String) -> Option<usize> {
    Hash::named(&name).map(|hash| keep(Work::Hash(hash)))
}

fn hmac_start<'js>(ctx: Ctx<'js>, name: String, key: Value<'js>) -> Result<Option<usize>, Error> {
    let key = bytes(&ctx, &key)?;
    Ok(Algorithm::named(&name).map(|algorithm| keep(Work::Hmac(Hmac::new(algorithm, &key)))))
}

fn update<'js>(ctx: Ctx<'js>, number: usize, data: Value<'js>) -> Result<bool, Error> {
    let data = values::bytes_of(&ctx, &data).ok_or_else(|| wrong_type(&ctx, "argument must be a buffer"))?;
    Ok(WORK.with_borrow_mut(|all| match all.get_mut(number) {
        Some(Work::Hash(hash)) => {
            hash.update(data.get());
            true
        }
        Some(Work::Hmac(mac)) => {
            mac.update(data.get());
            true
        }
        _ => false,
    }))
}

fn finish<'js>(ctx: Ctx<'js>, number: usize) -> Result<Option<ArrayBuffer<'js>>, Error> {
    match take(number) {
        Work::Hash(hash) => buffer(&ctx, hash.finish()).map(Some),
        Work::Hmac(mac) => buffer(&ctx, mac.finish()).map(Some),
        _ => Ok(None),
    }
}

fn length(number: Option<f64>) -> Option<usize> {
    number.filter(|number| *number >= 0.0).map(|number| number as usize)
}

fn cipher_start<'js>(
    ctx: Ctx<'js>,
    name: String,
    key: Value<'js>,
    iv: Value<'js>,
    encrypts: bool,
    tag_length: Opt<f64>,
) -> Result<usize, Error> {
    let key = bytes(&ctx, &key)?;
    let iv = if iv.is_null() || iv.is_undefined() { None } else { Some(bytes(&ctx, &iv)?) };
    if iv.is_none() && cipher::Spec::named(&name).is_some_and(|spec| spec.iv > 0) {
        return Err(values::throw(&ctx, &format!("Missing IV for cipher {name}")));
    }
    let cipher = Cipher::new(&name, &key, iv.as_deref(), encrypts, length(tag_length.0));
    Ok(keep(Work::Cipher(checked(&ctx, cipher)?)))
}

fn cipher_password<'js>(
    ctx: Ctx<'js>,
    name: String,
    password: Value<'js>,
    encrypts: bool,
    tag_length: Opt<f64>,
) -> Result<usize, Error> {
    let password = bytes(&ctx, &password)?;
    let cipher = Cipher::with_password(&name, &password, encrypts, length(tag_length.0));
    Ok(keep(Work::Cipher(checked(&ctx, cipher)?)))
}

fn cipher_update<'js>(ctx: Ctx<'js>, number: usize, data: Value<'js>) -> Result<ArrayBuffer<'js>, Error> {
    let data = bytes(&ctx, &data)?;
    let out = with_cipher(&ctx, number, |cipher| {
        if cipher.wants_random() {
            let mut random = [0; 8];
            let Ok(()) = System.try_fill_bytes(&mut random);
            cipher.give_random(random);
        }
        cipher.update(&data)
    })?;
    buffer(&ctx, out)
}

fn cipher_finish<'js>(ctx: Ctx<'js>, number: usize) -> Result<ArrayBuffer<'js>, Error> {
    let out = with_cipher(&ctx, number, Cipher::finish)?;
    buffer(&ctx, out)
}

fn cipher_padding(ctx: Ctx<'_>, number: usize, padded: bool) -> Result<bool, Error> {
    with_cipher(&ctx, number, |cipher| Ok(cipher.set_padding(padded)))
}

fn cipher_tag<'js>(ctx: Ctx<'js>, number: usize) -> Result<Option<ArrayBuffer<'js>>, Error> {
    let tag = with_cipher(&ctx, number, |cipher| Ok(cipher.tag().map(<[u8]>::to_vec)))?;
    tag.map(|tag| buffer(&ctx, tag)).transpose()
}

fn cipher_set_tag<'js>(ctx: Ctx<'js>, number: usize, tag: Value<'js>) -> Result<bool, Error> {
    let tag = bytes(&ctx, &tag)?;
    with_cipher(&ctx, number, |cipher| cipher.set_tag(&tag))
}

fn cipher_associated<'js>(
    ctx: Ctx<'js>,
    number: usize,
    data: Value<'js>,
    message: Opt<f64>,
) -> Result<bool, Error> {
    let data = bytes(&ctx, &data)?;
    with_cipher(&ctx, number, |cipher| cipher.set_associated(&data, length(message.0)))
}

fn random_fill<'js>(ctx: Ctx<'js>, target: Value<'js>, offset: usize, size: usize) -> Result<(), Error> {
    let mut target =
        values::bytes_of(&ctx, &target).ok_or_else(|| wrong_type(&ctx, "argument must be a buffer"))?;
    let mut random = vec![0; size.min(target.len())];
    let Ok(()) = System.try_fill_bytes(&mut random);
    target.write(offset, &random);
    Ok(())
}

fn equal<'js>(ctx: Ctx<'js>, a: Value<'js>, b: Value<'js>) -> Result<bool, Error> {
    Ok(lambkin_crypto::equal(&bytes(&ctx, &a)?, &bytes(&ctx, &b)?))
}

/// `undefined` when there is no such hash.
fn pbkdf2<'js>(
    ctx: Ctx<'js>,
    name: String,
    password: Value<'js>,
    salt: Value<'js>,
    iterations: u32,
    len: usize,
) -> Result<Option<ArrayBuffer<'js>>, Error> {
    let Some(algorithm) = Algorithm::named(&name) else { return Ok(None) };
    let mut key = vec![0; len];
    kdf::pbkdf2(algorithm, &bytes(&ctx, &password)?, &bytes(&ctx, &salt)?, iterations, &mut key);
    buffer(&ctx, key).map(Some)
}

/// `undefined` when the parameters (cost, block size, parallelism, most memory, length) are not allowed.
fn scrypt<'js>(
    ctx: Ctx<'js>,
    password: Value<'js>,
    salt: Value<'js>,
    parameters: Vec<f64>,
) -> Result<Option<ArrayBuffer<'js>>, Error> {
    let [cost, block, parallel, memory, len] = parameters[..] else { return Ok(None) };
    let Some(parameters) = kdf::scrypt_parameters(cost as u32, block as u32, parallel as u32, memory) else {
        return Ok(None);
    };
    let mut key = vec![0; len as usize];
    kdf::scrypt(&parameters, &bytes(&ctx, &password)?, &bytes(&ctx, &salt)?, &mut key);
    buffer(&ctx, key).map(Some)
}

fn scheme(ctx: &Ctx<'_>, padding: i32, salt: i32) -> Result<Scheme, Error> {
    let padding = Padding::from_number(padding).ok_or(lambkin_crypto::Error::UNKNOWN_PADDING);
    let salt = Salt::from_number(salt).ok_or(lambkin_crypto::Error("Invalid salt length"));
    Ok(Scheme { padding: checked(ctx, padding)?, salt: checked(ctx, salt)?, encoding: Encoding::Der })
}

/// The hash under `number`, and which it is.
fn hashed(ctx: &Ctx<'_>, number: usize, name: &str) -> Result<(Algorithm, Vec<u8>), Error> {
    let algorithm = Algorithm::named(name).ok_or(lambkin_crypto::Error::UNKNOWN_DIGEST);
    match take(number) {
        Work::Hash(hash) => Ok((checked(ctx, algorithm)?, hash.finish())),
        _ => Err(values::throw(ctx, "Not initialised")),
    }
}

fn passphrase<'js>(ctx: &Ctx<'js>, value: &Value<'js>) -> Result<Option<Vec<u8>>, Error> {
    match value.as_string() {
        Some(text) => values::with_utf8(text.clone(), <[u8]>::to_vec).map(Some),
        None if value.is_null() || value.is_undefined() => Ok(None),
        None => bytes(ctx, value).map(Some),
    }
}

fn sign<'js>(
    ctx: Ctx<'js>,
    number: usize,
    name: String,
    key: Value<'js>,
    phrase: Value<'js>,
    padding: i32,
    salt: i32,
) -> Result<ArrayBuffer<'js>, Error> {
    let (algorithm, hash) = hashed(&ctx, number, &name)?;
    let phrase = passphrase(&ctx, &phrase)?;
    let key = checked(&ctx, key::private_key(&bytes(&ctx, &key)?, phrase.as_deref()))?;
    let scheme = scheme(&ctx, padding, salt)?;
    let signature = checked(&ctx, sign::sign(&key, algorithm, &hash, scheme, &mut System))?;
    buffer(&ctx, signature)
}

fn verify<'js>(
    ctx: Ctx<'js>,
    number: usize,
    name: String,
    key: Value<'js>,
    signature: Value<'js>,
    padding: i32,
    salt: i32,
) -> Result<bool, Error> {
    let (algorithm, hash) = hashed(&ctx, number, &name)?;
    let key = checked(&ctx, key::public_key(&bytes(&ctx, &key)?, None))?;
    let scheme = scheme(&ctx, padding, salt)?;
    checked(&ctx, sign::verify(&key, algorithm, &hash, &bytes(&ctx, &signature)?, scheme))
}

/// Signs the data in the way of the key.
fn sign_message<'js>(
    ctx: Ctx<'js>,
    data: Value<'js>,
    key: Value<'js>,
    phrase: Value<'js>,
    padding: i32,
    salt: i32,
) -> Result<ArrayBuffer<'js>, Error> {
    let phrase = passphrase(&ctx, &phrase)?;
    let key = checked(&ctx, key::private_key(&bytes(&ctx, &key)?, phrase.as_deref()))?;
    let scheme = scheme(&ctx, padding, salt)?;
    let signature = checked(&ctx, sign::sign_message(&key, &bytes(&ctx, &data)?, scheme, &mut System))?;
    buffer(&ctx, signature)
}

fn verify_message<'js>(
    ctx: Ctx<'js>,
    data: Value<'js>,
    key: Value<'js>,
    phrase: Value<'js>,
    signature: Value<'js>,
    padding: i32,
    salt: i32,
) -> Result<bool, Error> {
    let phrase = passphrase(&ctx, &phrase)?;
    let key = checked(&ctx, key::public_key(&bytes(&ctx, &key)?, phrase.as_deref()))?;
    let scheme = scheme(&ctx, padding, salt)?;
    let (data, signature) = (bytes(&ctx, &data)?, bytes(&ctx, &signature)?);
    checked(&ctx, sign::verify_message(&key, &data, &signature, scheme))
}

/// `publicEncrypt` and its three relatives. OAEP's hash and label may follow; else they are SHA-1 and nothing.
fn rsa_operation<'js>(
    ctx: Ctx<'js>,
    what: String,
    key: Value<'js>,
    data: Value<'js>,
    padding: i32,
    phrase: Value<'js>,
    oaep: Opt<List<(String, Value<'js>)>>,
) -> Result<ArrayBuffer<'js>, Error> {
    let (hash, label) = match oaep.0 {
        Some(List((hash, label))) => (Algorithm::named(&hash), bytes(&ctx, &label)?),
        None => (Some(Algorithm::Sha1), Vec::new()),
    };
    let hash = checked(&ctx, hash.ok_or(lambkin_crypto::Error::UNKNOWN_DIGEST))?;
    let (key, data) = (bytes(&ctx, &key)?, bytes(&ctx, &data)?);
    let phrase = passphrase(&ctx, &phrase)?;
    let padding = checked(&ctx, Padding::from_number(padding).ok_or(lambkin_crypto::Error::UNKNOWN_PADDING))?;
    let is_private = what.starts_with("private");
    let wrong_kind = || values::throw(&ctx, lambkin_crypto::Error::WRONG_KEY_KIND.0);
    let result = if is_private {
        let PrivateKey::Rsa(key) = checked(&ctx, key::private_key(&key, phrase.as_deref()))? else {
            return Err(wrong_kind());
        };
        if what == "privateDecrypt" {
            rsa::private_decrypt(&key, padding, hash, &label, &data, &mut System)
        } else {
            rsa::private_encrypt(&key, padding, &data, &mut System)
        }
    } else {
        let key::PublicKey::Rsa(key) = checked(&ctx, key::public_key(&key, phrase.as_deref()))? else {
            return Err(wrong_kind());
        };
        if what == "publicEncrypt" {
            rsa::public_encrypt(&key, padding, hash, &label, &data, &mut System)
        } else {
            rsa::public_decrypt(&key, padding, &data)
        }
    };
    buffer(&ctx, checked(&ctx, result)?)
}

/// A new pair of keys, `[public, private]`. `kind` is `rsa`, with the modulus' bits and the exponent as `numbers`; `dsa`,
/// with the bits of both primes, the second of them left out if any will do; or the name of a curve. What the keys are
/// written as is, for each, Node's number of the structure and of the format; the private one is encrypted if there is a
/// cipher.
fn key_pair<'js>(
    ctx: Ctx<'js>,
    kind: String,
    numbers: Vec<u32>,
    written: Vec<u32>,
    cipher: Opt<String>,
    secret: Opt<Value<'js>>,
) -> Result<Vec<ArrayBuffer<'js>>, Error> {
    let number = |numbers: &[u32], at: usize| numbers.get(at).copied().unwrap_or_default();
    let structure = |at| match number(&written, at) {
        0 => Structure::Pkcs1,
        1 => Structure::Pkcs8,
        2 => Structure::Spki,
        _ => Structure::Sec1,
    };
    let is_pem = |at| number(&written, at) == 1;
    let secret = secret.0.map_or(Ok(Vec::new()), |secret| bytes(&ctx, &secret))?;
    let protection = cipher.0.as_deref().map(|cipher| Protection { cipher, passphrase: &secret });
    let pair = || {
        let private = if kind == "rsa" {
            let made = rsa::generate(&mut System, number(&numbers, 0), number(&numbers, 1))?;
            PrivateKey::Rsa(Box::new(made))
        } else if kind == "dsa" {
            let made = dsa::generate(&mut System, number(&numbers, 0), numbers.get(1).copied())?;
            PrivateKey::Dsa(Box::new(made))
        } else {
            let curve = Curve::named(&kind).ok_or(lambkin_crypto::Error::CURVE)?;
            PrivateKey::Ec { curve, scalar: curve.generate(&mut System) }
        };
        let public = key::write_public(&private.public()?, structure(0), is_pem(1))?;
        Ok([public, key::write_private(&private, structure(2), is_pem(3), protection, &mut System)?])
    };
    checked(&ctx, pair())?.into_iter().map(|key| buffer(&ctx, key)).collect()
}

/// What `Certificate` asks of a signed key: whether it is (`verify`), its `key`, its `challenge`. `undefined` when it is none.
fn signed_key<'js>(ctx: Ctx<'js>, what: String, data: Value<'js>) -> Result<Option<Value<'js>>, Error> {
    let Some(spkac) = Spkac::read(&bytes(&ctx, &data)?) else { return Ok(None) };
    let out = match what.as_str() {
        "verify" => return Ok(Some(Value::new_bool(ctx, spkac.is_signed()))),
        "key" => spkac.public_key(),
        _ => Some(spkac.challenge().to_vec()),
    };
    out.map(|out| buffer(&ctx, out).map(ArrayBuffer::into_value)).transpose()
}

/// What ECDH asks of a curve: `generate`, `check` a private key, its `public` one, `convert` a point, `agree`. Curve25519
/// goes by what it is used for, and has nothing to check or to convert.
fn curve_operation<'js>(
    ctx: Ctx<'js>,
    name: String,
    what: String,
    first: Opt<Value<'js>>,
    second: Opt<Value<'js>>,
    form: Opt<u32>,
) -> Result<ArrayBuffer<'js>, Error> {
    let (first, second) = (given(&ctx, first)?, given(&ctx, second)?);
    if let Some(used) = curve25519::Use::named(&name) {
        let result = match what.as_str() {
            "generate" => Ok(curve25519::generate(&mut System)),
            "public" => curve25519::key(&first).map(|private| used.public_key(&private)),
            _ => curve25519::key(&first)
                .and_then(|private| curve25519::agree(&private, &curve25519::key(&second)?)),
        };
        return buffer(&ctx, checked(&ctx, result)?.to_vec());
    }
    let curve = checked(&ctx, Curve::named(&name).ok_or(lambkin_crypto::Error::CURVE))?;
    let form = match form.0 {
        Some(2) => Form::Compressed,
        Some(6) => Form::Hybrid,
        _ => Form::Uncompressed,
    };
    let result = match what.as_str() {
        "generate" => Ok(curve.generate(&mut System)),
        "check" => curve.private_key(&first),
        "public" => curve.public_key(&first).and_then(|point| curve.convert(&point, form)),
        "convert" => curve.convert(&first, form),
        _ => curve.agree(&first, &second),
    };
    buffer(&ctx, checked(&ctx, result)?)
}

/// What Diffie-Hellman asks of a group: `[prime, generator, flaws]` of a `name`, of a size (`generate`) or of numbers
/// (`check`); with these a `private` key, its `public` one, and what two `agree` on.
fn diffie_hellman<'js>(ctx: Ctx<'js>, what: String, args: Vec<Value<'js>>) -> Result<Vec<Value<'js>>, Error> {
    let part = |at: usize| args.get(at).map_or_else(|| Ok(Vec::new()), |value| bytes(&ctx, value));
    let number = |at: usize| args.get(at).and_then(Value::as_number).unwrap_or_default() as u32;
    let value = |bytes: Vec<u8>| buffer(&ctx, bytes).map(ArrayBuffer::into_value);
    let group = match what.as_str() {
        "name" => {
            let name: String = args.first().map_or(Ok(String::new()), Value::get)?;
            checked(&ctx, dh::Group::named(&name).ok_or(lambkin_crypto::Error("Unknown group")))?
        }
        "generate" => checked(&ctx, dh::Group::generate(number(0), number(1), &mut System))?,
        _ => checked(&ctx, dh::Group::new(&part(0)?, &part(1)?))?,
    };
    Ok(match what.as_str() {
        "private" => vec![value(group.private_key(&mut System))?],
        "public" => vec![value(checked(&ctx, group.public_key(&part(2)?))?)?],
        "agree" => vec![value(checked(&ctx, group.agree(&part(2)?, &part(3)?))?)?],
        _ => vec![
            value(group.prime().to_vec())?,
            value(group.generator().to_vec())?,
            Value::new_number(ctx.clone(), f64::from(group.check())),
        ],
    })
}

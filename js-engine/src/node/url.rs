//! The WHATWG URL parser behind Node's `URL`, from the crate `url`. Node's binding hands out a URL's parts; setters are
//! parsed in a state of their own, which the crate offers as functions on a whole URL (`url::quirks`).

use ::url::{Position, Url, quirks};
use javy::quickjs::function::Opt;
use javy::quickjs::{Ctx, Error, Function, Object, String as JsString};

use crate::values;

/// Defines `urlParse`, `urlSet`, `domainToASCII`, `domainToUnicode` and `encodeAuth`.
pub fn define<'js>(ctx: &Ctx<'js>, node: &Object<'js>) -> Result<(), Error> {
    node.set("urlParse", Function::new(ctx.clone(), parse)?)?;
    node.set("urlSet", Function::new(ctx.clone(), set)?)?;
    let to_ascii =
        |domain: JsString<'js>| values::text_of(domain).map(|domain| quirks::domain_to_ascii(&domain));
    node.set("domainToASCII", Function::new(ctx.clone(), to_ascii)?)?;
    let to_unicode =
        |domain: JsString<'js>| values::text_of(domain).map(|domain| quirks::domain_to_unicode(&domain));
    node.set("domainToUnicode", Function::new(ctx.clone(), to_unicode)?)?;
    node.set("encodeAuth", Function::new(ctx.clone(), encode_auth)?)
}

/// The parts of a URL, or `undefined` when it is none.
fn parse<'js>(
    ctx: Ctx<'js>,
    input: JsString<'js>,
    base: Opt<Option<JsString<'js>>>,
) -> Result<Option<Object<'js>>, Error> {
    let input = values::text_of(input)?;
    let base = match base.0.flatten() {
        None => None,
        Some(base) => match Url::parse(&values::text_of(base)?) {
            Ok(base) => Some(base),
            Err(_) => return Ok(None),
        },
    };
    match Url::options().base_url(base.as_ref()).parse(&input) {
        Ok(url) => parts(&ctx, &url).map(Some),
        Err(_) => Ok(None),
    }
}

/// `href` with one part changed; `undefined` when the new value is refused.
fn set<'js>(
    ctx: Ctx<'js>,
    href: JsString<'js>,
    part: String,
    value: JsString<'js>,
) -> Result<Option<Object<'js>>, Error> {
    let Ok(mut url) = Url::parse(&values::text_of(href)?) else { return Ok(None) };
    let value = values::text_of(value)?;
    let outcome = match part.as_str() {
        "protocol" => quirks::set_protocol(&mut url, &value),
        "host" => quirks::set_host(&mut url, &value),
        "hostname" => quirks::set_hostname(&mut url, &value),
        "port" => quirks::set_port(&mut url, &value),
        "pathname" => {
            quirks::set_pathname(&mut url, &value);
            Ok(())
        }
        "search" => {
            quirks::set_search(&mut url, &value);
            Ok(())
        }
        _ => {
            quirks::set_hash(&mut url, &value);
            Ok(())
        }
    };
    if outcome.is_err() { Ok(None) } else { parts(&ctx, &url).map(Some) }
}

fn parts<'js>(ctx: &Ctx<'js>, url: &Url) -> Result<Object<'js>, Error> {
    let parts = Object::new_proto(ctx.clone(), None)?;
    parts.set("protocol", quirks::protocol(url))?;
    parts.set("username", url.username())?;
    parts.set("password", url.password().unwrap_or_default())?;
    // An empty host is one as well: `file:///`.
    let has_host = url[Position::AfterScheme..].starts_with("://");
    parts.set("host", has_host.then(|| quirks::hostname(url)))?;
    parts.set("port", url.port())?;
    parts.set("path", url.path())?;
    parts.set("query", url.query())?;
    parts.set("fragment", url.fragment())?;
    parts.set("opaque", url.cannot_be_a_base())?;
    let special = matches!(url.scheme(), "http" | "https" | "ws" | "wss" | "ftp" | "file" | "gopher");
    parts.set("special", special)?;
    Ok(parts)
}

/// A user name or password with what it must not contain percent-encoded.
fn encode_auth(text: JsString<'_>) -> Result<String, Error> {
    let mut url = Url::parse("http://x/").map_err(|_| Error::Unknown)?;
    quirks::set_username(&mut url, &values::text_of(text)?).map_err(|()| Error::Unknown)?;
    Ok(url.username().to_owned())
}

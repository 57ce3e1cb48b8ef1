//! The WHATWG URL parser behind Node's `URL`, from the crate `url`. Node's binding hands out a URL's parts; setters are
//! parsed in a state of their own, which the crate offers as functions on a whole URL (`url::quirks`). `fetch` asks for a
//! URL's text alone.

use ::url::{Position, Url, quirks};
use javy::quickjs::function::Opt;
use javy::quickjs::{Ctx, Error, Function, Object, String as JsString};

use crate::{text, values};

/// Defines `urlParse`, `urlHref`, `urlSet`, `domainToASCII`, `domainToUnicode` and `encodeAuth`.
pub fn define<'js>(ctx: &Ctx<'js>, node: &Object<'js>) -> Result<(), Error> {
    node.set("urlParse", Function::new(ctx.clone(), parse)?)?;
    node.set("urlHref", Function::new(ctx.clone(), href)?)?;
    node.set("urlSet", Function::new(ctx.clone(), set)?)?;
    let to_ascii =
        |domain: JsString<'js>| values::text_of(domain).map(|domain| quirks::domain_to_ascii(&domain));
    node.set("domainToASCII", Function::new(ctx.clone(), to_ascii)?)?;
    let to_unicode =
        |domain: JsString<'js>| values::text_of(domain).map(|domain| quirks::domain_to_unicode(&domain));
    node.set("domainToUnicode", Function::new(ctx.clone(), to_unicode)?)?;
    node.set("encodeAuth", Function::new(ctx.clone(), encode_auth)?)
}

/// A scheme that was special when Node 10 was made and is not today: the crate is given one that still is.
const GOPHER: &str = "gopher";
const GOPHER_PORT: u16 = 70;

/// A URL, with what its scheme and port are if it stands for one of gopher's.
struct Parsed {
    url: Url,
    port: Option<u16>,
    is_gopher: bool,
}

impl From<Url> for Parsed {
    fn from(url: Url) -> Self {
        Self { port: url.port(), url, is_gopher: false }
    }
}

/// What `make` makes with a special scheme in gopher's place. It is asked with two, because each loses its own port.
fn in_place_of_gopher(make: impl Fn(&str) -> Option<Url>) -> Option<Parsed> {
    let url = make("http")?;
    let port = url.port().or_else(|| make("ftp")?.port());
    let is_gopher = url.scheme() == "http";
    Some(Parsed { port: port.filter(|port| !is_gopher || *port != GOPHER_PORT), url, is_gopher })
}

/// The scheme a text begins with, in lower case, and the place of its colon. As the parser sees it: spaces and controls
/// in front do not count, nor do tabs and line ends anywhere.
fn scheme_of(text: &str) -> Option<(String, usize)> {
    let mut scheme = String::new();
    for (at, character) in text.char_indices() {
        match character {
            '\t' | '\n' | '\r' => {}
            '\0'..=' ' if scheme.is_empty() => {}
            ':' => return Some((scheme, at)),
            'a'..='z' | 'A'..='Z' => scheme.push(character.to_ascii_lowercase()),
            '0'..='9' | '+' | '-' | '.' if !scheme.is_empty() => scheme.push(character),
            _ => return None,
        }
    }
    None
}

/// Where the scheme ends, if it is gopher's.
fn gopher_colon(text: &str) -> Option<usize> {
    scheme_of(text).filter(|(scheme, _)| scheme == GOPHER).map(|(_, colon)| colon)
}

fn parsed(input: &str, base: Option<&str>) -> Option<Parsed> {
    let plain = |input: &str, base: Option<&str>| {
        let base = base.map(Url::parse).transpose().ok()?;
        Url::options().base_url(base.as_ref()).parse(input).ok()
    };
    let (own, bases) = (gopher_colon(input), base.and_then(gopher_colon));
    let is_relative = scheme_of(input).is_none();
    match (own, base, bases) {
        (None, Some(base), Some(colon)) if is_relative => {
            in_place_of_gopher(|scheme| plain(input, Some(&format!("{scheme}{}", &base[colon..]))))
        }
        // Of another scheme than its base: the base has no say.
        (None, _, Some(_)) => plain(input, None).map(Parsed::from),
        (None, base, None) => plain(input, base).map(Parsed::from),
        (Some(colon), base, bases) => in_place_of_gopher(|scheme| {
            let base = base.zip(bases).map(|(base, colon)| format!("{scheme}{}", &base[colon..]));
            plain(&format!("{scheme}{}", &input[colon..]), base.as_deref())
        }),
    }
}

/// The parts of a URL, or `undefined` when it is none.
fn parse<'js>(
    ctx: Ctx<'js>,
    input: JsString<'js>,
    base: Opt<Option<JsString<'js>>>,
) -> Result<Option<Object<'js>>, Error> {
    let input = values::text_of(input)?;
    let base = base.0.flatten().map(values::text_of).transpose()?;
    parsed(&input, base.as_deref()).map(|parsed| parts(&ctx, &parsed)).transpose()
}

/// A URL as the standard writes it; a text without a scheme as it is; `undefined` for what is neither.
fn href(input: JsString<'_>) -> Result<Option<String>, Error> {
    let input = values::with_utf8(input, |bytes| text::well_formed(bytes).into_owned())?;
    if scheme_of(&input).is_none() {
        return Ok(Some(input));
    }
    Ok(Url::parse(&input).ok().map(String::from))
}

fn change(mut url: Url, part: &str, value: &str) -> Option<Url> {
    let outcome = match part {
        "protocol" => quirks::set_protocol(&mut url, value),
        "host" => quirks::set_host(&mut url, value),
        "hostname" => quirks::set_hostname(&mut url, value),
        "port" => quirks::set_port(&mut url, value),
        "pathname" => {
            quirks::set_pathname(&mut url, value);
            Ok(())
        }
        // Node took the first `?` or `#` off; what is left may begin with another.
        "search" => {
            url.set_query(Some(value));
            Ok(())
        }
        _ => {
            url.set_fragment(Some(value));
            Ok(())
        }
    };
    outcome.is_ok().then_some(url)
}

fn changed(href: &str, part: &str, value: &str) -> Option<Parsed> {
    // A new scheme may come without its colon.
    let becomes_gopher = part == "protocol" && gopher_colon(&format!("{value}:")).is_some();
    match gopher_colon(href) {
        Some(_) if becomes_gopher => parsed(href, None),
        Some(colon) => in_place_of_gopher(|scheme| {
            change(Url::parse(&format!("{scheme}{}", &href[colon..])).ok()?, part, value)
        })
        // To another scheme of the same kind; the one in gopher's place may be meant as well.
        .map(|parsed| Parsed { is_gopher: parsed.is_gopher && part != "protocol", ..parsed }),
        None if becomes_gopher => {
            let url = Url::parse(href).ok()?;
            if !is_special(url.scheme()) {
                return None;
            }
            in_place_of_gopher(|scheme| change(url.clone(), part, scheme))
        }
        None => change(Url::parse(href).ok()?, part, value).map(Parsed::from),
    }
}

/// `href` with one part changed; `undefined` when the new value is refused.
fn set<'js>(
    ctx: Ctx<'js>,
    href: JsString<'js>,
    part: String,
    value: JsString<'js>,
) -> Result<Option<Object<'js>>, Error> {
    let (href, value) = (values::text_of(href)?, values::text_of(value)?);
    changed(&href, &part, &value).map(|parsed| parts(&ctx, &parsed)).transpose()
}

fn is_special(scheme: &str) -> bool {
    matches!(scheme, "http" | "https" | "ws" | "wss" | "ftp" | "file")
}

fn parts<'js>(ctx: &Ctx<'js>, Parsed { url, port, is_gopher }: &Parsed) -> Result<Object<'js>, Error> {
    let parts = Object::new_proto(ctx.clone(), None)?;
    parts.set("protocol", if *is_gopher { "gopher:" } else { quirks::protocol(url) })?;
    parts.set("username", url.username())?;
    parts.set("password", url.password().unwrap_or_default())?;
    // An empty host is one as well: `file:///`.
    let has_host = url[Position::AfterScheme..].starts_with("://");
    parts.set("host", has_host.then(|| quirks::hostname(url)))?;
    parts.set("port", *port)?;
    parts.set("path", url.path())?;
    parts.set("query", url.query())?;
    parts.set("fragment", url.fragment())?;
    parts.set("opaque", url.cannot_be_a_base())?;
    parts.set("special", is_special(url.scheme()))?;
    Ok(parts)
}

/// A user name or password with what it must not contain percent-encoded.
fn encode_auth(text: JsString<'_>) -> Result<String, Error> {
    let mut url = Url::parse("http://x/").map_err(|_| Error::Unknown)?;
    quirks::set_username(&mut url, &values::text_of(text)?).map_err(|()| Error::Unknown)?;
    Ok(url.username().to_owned())
}

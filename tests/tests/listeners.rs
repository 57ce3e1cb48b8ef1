//! The ways in: TLS, a listener for operators, proxies.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop where it is")]

use std::{
    fs,
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    path::Path,
    sync::Arc,
};

use lambkin_tests::{PATIENCE, Server, Start, until};
use rustix::process::Signal;
use rustls::{
    ClientConfig, ClientConnection, RootCertStore, StreamOwned,
    pki_types::{CertificateDer, pem::PemObject},
};

type Client = StreamOwned<ClientConnection, TcpStream>;

/// Writes a certificate for `localhost` and its key; returns it.
fn certify(folder: &Path) -> CertificateDer<'static> {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    // The key first: a server that looks in between must not take one for the other's.
    fs::write(folder.join("key.pem"), made.signing_key.serialize_pem()).unwrap();
    fs::write(folder.join("cert.pem"), made.cert.pem()).unwrap();
    CertificateDer::from_pem_file(folder.join("cert.pem")).unwrap()
}

fn start(folder: &Path) -> Server {
    let path = |name: &str| folder.join(name).to_str().unwrap().to_owned();
    Start::fresh().with(&["--tls-cert", &path("cert.pem"), "--tls-key", &path("key.pem")]).server()
}

fn address(url: &str) -> SocketAddr {
    url.rsplit('/').next().and_then(|address| address.parse().ok()).expect("an address")
}

/// Shakes hands, or says why not.
fn connect(
    server: &Server,
    trusted: &CertificateDer<'static>,
    alpn: &str,
    versions: &[&'static rustls::SupportedProtocolVersion],
) -> std::io::Result<Client> {
    let mut roots = RootCertStore::empty();
    roots.add(trusted.clone()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(versions)
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = vec![alpn.as_bytes().to_vec()];
    let socket = TcpStream::connect(address(&server.base))?;
    socket.set_read_timeout(Some(PATIENCE))?;
    let name = "localhost".try_into().unwrap();
    let mut client = StreamOwned::new(ClientConnection::new(Arc::new(config), name).unwrap(), socket);
    while client.conn.is_handshaking() {
        client.conn.complete_io(&mut client.sock)?;
    }
    Ok(client)
}

/// `GET /health` over an open connection; the status line.
fn ask(client: &mut Client) -> String {
    client.write_all(b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
    let mut status = [0; 12];
    client.read_exact(&mut status).unwrap();
    let mut seen = Vec::new();
    // The rest of the answer, so that the next one starts at its beginning.
    while !seen.ends_with(b"}") {
        let mut byte = [0];
        client.read_exact(&mut byte).unwrap();
        seen.push(byte[0]);
    }
    String::from_utf8_lossy(&status).into_owned()
}

#[test]
fn tls_is_served_and_its_certificate_replaced_under_open_connections() {
    let folder = tempfile::tempdir().unwrap();
    let first = certify(folder.path());
    let server = start(folder.path());
    assert!(server.base.starts_with("https://"), "{}", server.base);
    for version in [&rustls::version::TLS12, &rustls::version::TLS13] {
        let mut client = connect(&server, &first, "http/1.1", &[version]).unwrap();
        assert_eq!(ask(&mut client), "HTTP/1.1 200");
    }
    let client = connect(&server, &first, "h2", rustls::ALL_VERSIONS).unwrap();
    assert_eq!(client.conn.alpn_protocol(), Some(&b"h2"[..]));

    let mut open = connect(&server, &first, "http/1.1", rustls::ALL_VERSIONS).unwrap();
    // Nonsense leaves everything as it was.
    fs::write(folder.path().join("cert.pem"), "nonsense").unwrap();
    server.signal(Signal::HUP);
    until("the server to look at it", || server.log().contains("stays as it was").then_some(()));
    connect(&server, &first, "http/1.1", rustls::ALL_VERSIONS).unwrap();
    let second = certify(folder.path());
    server.signal(Signal::HUP);
    until("the new certificate", || connect(&server, &second, "http/1.1", rustls::ALL_VERSIONS).ok());
    connect(&server, &first, "http/1.1", rustls::ALL_VERSIONS).unwrap_err();
    assert_eq!(ask(&mut open), "HTTP/1.1 200", "what was open goes on");
    // Without a signal too, a little later.
    let third = certify(folder.path());
    until("the change to be seen", || connect(&server, &third, "http/1.1", rustls::ALL_VERSIONS).ok());

    // Without TLS there is no answer, and the server goes on.
    let mut plain = TcpStream::connect(address(&server.base)).unwrap();
    plain.write_all(b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
    let mut reply = Vec::new();
    let _ = plain.read_to_end(&mut reply);
    assert!(!reply.starts_with(b"HTTP/"), "{reply:?}");
    assert_eq!(ask(&mut open), "HTTP/1.1 200");
}

#[test]
fn the_command_trusts_the_certificates_it_is_given() {
    let folder = tempfile::tempdir().unwrap();
    certify(folder.path());
    let server = start(folder.path());
    let base = format!("https://localhost:{}", address(&server.base).port());
    let ask = |arguments: &[&str]| {
        let mut command = std::process::Command::new(lambkin_tests::lambkin());
        command.args(["activity", "list", "--server", &base, "--token", &server.token]).args(arguments);
        let output = command.output().unwrap();
        (output.status.success(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    let certificate = folder.path().join("cert.pem");
    let (done, said) = ask(&["--ca-file", certificate.to_str().unwrap()]);
    assert!(done, "{said}");
    let (done, said) = ask(&[]);
    assert!(!done && said.contains("certificate"), "{said}");
    let key = folder.path().join("key.pem");
    for (file, part) in [(key, "holds no certificate"), (folder.path().join("none"), "cannot be read")] {
        let (done, said) = ask(&["--ca-file", file.to_str().unwrap()]);
        assert!(!done && said.contains(part) && said.contains("error:"), "{said}");
    }
}

#[test]
fn a_server_that_cannot_encrypt_does_not_start() {
    let folder = tempfile::tempdir().unwrap();
    certify(folder.path());
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let refused = |cert: &str, key: &str| {
        let (status, said) = Start::fresh().with(&["--tls-cert", cert, "--tls-key", key]).refused();
        assert!(!status.success());
        said
    };
    assert!(refused(&path("none.pem"), &path("key.pem")).contains("none.pem"));
    assert!(refused(&path("key.pem"), &path("key.pem")).contains("--tls-cert"));
    let other = tempfile::tempdir().unwrap();
    certify(other.path());
    refused(other.path().join("cert.pem").to_str().unwrap(), &path("key.pem"));
}

/// A server whose operators have a listener of their own, and that one's URL.
fn divided(more: &[&str]) -> (Server, String) {
    let server = Start::fresh().with(&["--management-listen", "127.0.0.1:0"]).with(more).server();
    let operators = server.announcement["management"].as_str().unwrap().to_owned();
    (server, operators)
}

/// One request with the dev token, byte for byte as it stands here; the whole answer.
fn ask_for(server: &Server, base: &str, line: &str) -> String {
    ask_as(&server.token, base, line)
}

fn ask_as(token: &str, base: &str, line: &str) -> String {
    let mut stream = TcpStream::connect(address(base)).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    let host = address(base);
    write!(
        stream,
        "{line} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
    )
    .unwrap();
    let mut reply = String::new();
    stream.read_to_string(&mut reply).unwrap();
    reply
}

fn status(reply: &str) -> &str {
    reply.get(9..12).unwrap_or_default()
}

fn body(reply: &str) -> &str {
    reply.split_once("\r\n\r\n").map_or("", |(_, body)| body)
}

/// What is for everybody, by the end of its path.
fn is_public(route: &str) -> bool {
    let service = route.contains("/service/") || route.starts_with("/sentinel/");
    let invocation = route.ends_with("}/invoke") || route.ends_with("}/isImplemented");
    service || invocation || route == "/health" || route == "/ready"
}

#[test]
fn the_public_listener_knows_no_management_call_at_all() {
    let (server, operators) = divided(&[]);
    let document = ask_for(&server, &operators, "GET /openapi.json");
    let document: serde_json::Value = serde_json::from_str(body(&document)).unwrap();
    let mut calls: Vec<(String, String)> = vec![
        ("GET".to_owned(), "/docs/api".to_owned()),
        ("GET".to_owned(), "/api/account/{account}/lambdas/".to_owned()),
    ];
    for (route, operations) in document["paths"].as_object().unwrap() {
        let methods = operations.as_object().unwrap().keys();
        calls.extend(methods.map(|method| (method.to_uppercase(), route.clone())));
    }
    assert!(calls.len() > 50, "{calls:?}");
    let nothing = ask_for(&server, &server.base, "GET /api/account/123456/nothing");
    let (unknown, id) = (body(&nothing), "11111111-1111-4111-8111-111111111111");
    assert_eq!(status(&nothing), "404");
    for (method, route) in calls {
        let mut path = route.replace("{account}", &server.account);
        while let Some((before, after)) = path.split_once('{') {
            path = format!("{before}{id}{}", after.split_once('}').unwrap().1);
        }
        let outside = ask_for(&server, &server.base, &format!("{method} {path}"));
        let hidden = status(&outside) == "404" && body(&outside) == unknown;
        // A service of that name does not exist, which is told in the same words.
        let is_service = route.contains("/service/{");
        assert!(is_service || hidden != is_public(&route), "{method} {route}: {outside}");
        // With a token that opens nothing: a call that is known says so before it looks for the thing of that id.
        let inside = ask_as("nobody", &operators, &format!("{method} {path}"));
        assert!(is_service || body(&inside) != unknown, "{method} {route}: {inside}");
    }
}

#[test]
fn no_spelling_of_a_path_leads_past_the_public_listener() {
    let (server, operators) = divided(&[]);
    let uuid = "00000000-0000-4000-8000-000000000000";
    for path in [
        "lambdas/../lambdas",
        "./lambdas",
        "%6cambdas",
        "lambdas%2f",
        "lambdas//",
        "/lambdas",
        "lambdas/x/invoke/..",
        "lambdas/x/invoke/../../../users",
        "lambdas/x%2finvoke",
        "lambdas/x/invoke%2f..%2f..",
        "lambdas/x/invoke/",
        "lambdas/x/invoke;/users",
        "events/x/isImplemented/../../users",
        "service/../users",
        "service/faasGW/../../users/baseURI",
        "service/baseURI.json/../../users",
        "lambdas\\..\\users",
        "LAMBDAS",
    ] {
        for start in
            [format!("/api/account/{}/", server.account), format!("//api/account/{}/", server.account)]
        {
            let line = format!("GET {start}{path}");
            let (outside, inside) =
                (ask_for(&server, &server.base, &line), ask_for(&server, &operators, &line));
            assert!(["400", "404"].contains(&status(&outside)), "{line}: {outside}");
            assert_eq!(status(&outside), status(&inside), "{line}: unknown here as it is there");
        }
    }
    // The whole URL in the request line, as proxies send it.
    let line = format!("GET {}/api/account/{}/lambdas", server.base, server.account);
    assert_eq!(status(&ask_for(&server, &server.base, &line)), "404");
    // What is for everybody is the same on both.
    for line in
        ["GET /health".to_owned(), format!("POST /api/account/{}/lambdas/{uuid}/invoke", server.account)]
    {
        let (outside, inside) = (ask_for(&server, &server.base, &line), ask_for(&server, &operators, &line));
        assert_eq!((status(&outside), body(&outside)), (status(&inside), body(&inside)), "{line}");
    }
    let wrong = ask_for(&server, &server.base, "DELETE /health");
    assert_eq!(status(&wrong), "405", "{wrong}");
}

/// Where the services are, asked at a URL: agentVep, faasGW, faasUI, sentinel.
fn services(server: &Server, base: &str) -> Vec<String> {
    let line = format!("GET /api/account/{}/service/baseURI.json?version=1.0", server.account);
    let all: serde_json::Value = serde_json::from_str(body(&ask_for(server, base, &line))).unwrap();
    let all = all["baseURIs"].as_array().unwrap();
    let names: Vec<_> = all.iter().map(|one| one["service"].as_str().unwrap()).collect();
    assert_eq!(names, ["agentVep", "faasGW", "faasUI", "sentinel"]);
    for one in all {
        let line = format!(
            "GET /api/account/{}/service/{}/baseURI",
            server.account,
            one["service"].as_str().unwrap()
        );
        let alone: serde_json::Value = serde_json::from_str(body(&ask_for(server, base, &line))).unwrap();
        assert_eq!(&alone, one);
    }
    all.iter().map(|one| one["baseURI"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn clients_are_told_which_listener_serves_what() {
    let (server, operators) = divided(&[]);
    let (outside, inside) = (address(&server.base).to_string(), address(&operators).to_string());
    for base in [&server.base, &operators] {
        assert_eq!(services(&server, base), [&*inside, &*outside, &*inside, &*outside], "asked at {base}");
    }
}

#[test]
fn an_operator_behind_a_proxy_says_what_clients_call_the_server_by() {
    let hosts = ["--public-host", "lambdas.example", "--management-host", "manage.example:8443"];
    let (server, operators) = divided(&hosts);
    for base in [&server.base, &operators] {
        let told = services(&server, base);
        assert_eq!(
            told,
            ["manage.example:8443", "lambdas.example", "manage.example:8443", "lambdas.example"]
        );
    }
    let server = Start::fresh().with(&["--public-host", "lambdas.example"]).server();
    assert_eq!(services(&server, &server.base), ["lambdas.example"; 4]);
    for (option, name) in [
        ("--public-host", "https://lambdas.example"),
        ("--public-host", "va.functions.example"),
        // There is no such listener.
        ("--management-host", "manage.example"),
    ] {
        let (status, said) = Start::fresh().with(&[option, name]).refused();
        assert!(!status.success() && said.contains(option), "{said}");
    }
}

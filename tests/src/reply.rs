//! What came back from a call, and what a test says about it.

use serde_json::Value;
use ureq::http;

/// What came back from a call.
#[derive(Clone, Debug)]
pub struct Reply {
    /// The status line's number.
    pub status: u16,
    /// The header fields.
    pub headers: http::HeaderMap,
    /// The body.
    pub body: Vec<u8>,
}

impl Reply {
    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("no JSON ({error}) in {}: {}", self.status, self.text()))
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// A header field's text, empty when it is missing.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The same reply, once it is sure that it has this status.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.text());
        self
    }

    /// Checks an error reply: status, code, and a message that says something.
    #[track_caller]
    pub fn expect_error(self, status: u16, code: &str) -> Value {
        let error = self.expect(status).json();
        assert_eq!(error["errorCode"], code, "{error}");
        assert!(error["errorMsg"].as_str().is_some_and(|text| !text.is_empty()), "{error}");
        error
    }
}

//! What a call sends: the other half of its front, beside [`super::member`]. A handler names the document it takes;
//! how much of it is read and what is said about a bad one stands with the document.

use std::{marker::PhantomData, sync::Arc};

use axum::extract::{FromRequest, Request};
use serde::de::DeserializeOwned;

use crate::{
    body::{self, Taken},
    host::Host,
    reply::Refusal,
};

/// A JSON document that clients send.
pub(crate) trait Document: DeserializeOwned {
    /// Bytes of it at most. More is refused with 413 before it is read.
    const MOST: usize;

    /// # Errors
    ///
    /// 400, in words that name the field and what was expected.
    fn parse(bytes: &[u8]) -> Result<Self, Refusal> {
        body::parse(bytes)
    }
}

/// A body that is here, whole, and not looked at yet: parsing is for threads that may block.
///
/// Stands last in a handler's list, behind [`super::member::Member`]: nobody's body is read before it is known who
/// sends it.
#[derive(Debug)]
pub(crate) struct Sent<T> {
    taken: Taken,
    document: PhantomData<fn() -> T>,
}

impl<T: Document> FromRequest<Arc<Host>> for Sent<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, host: &Arc<Host>) -> Result<Self, Refusal> {
        let (head, body) = request.into_parts();
        let taken = body::read(host, &head.headers, body, T::MOST).await?;
        Ok(Self { taken, document: PhantomData })
    }
}

impl<T: Document> Sent<T> {
    /// # Errors
    ///
    /// 400, see [`Document::parse`].
    pub(crate) fn parse(&self) -> Result<T, Refusal> {
        T::parse(&self.taken.bytes)
    }

    /// As [`Self::parse`]; no body at all is a document without fields.
    pub(crate) fn parse_or_default(&self) -> Result<T, Refusal>
    where
        T: Default,
    {
        if self.taken.bytes.is_empty() { Ok(T::default()) } else { self.parse() }
    }
}

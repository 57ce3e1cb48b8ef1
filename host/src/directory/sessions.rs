//! Sessions, under the hashes of their tokens.

use super::{Directory, records::SessionRecord};
use crate::{
    auth::TokenHash,
    store::{Batch, Key, Shelf, StoreError, read},
};

impl Directory {
    pub(crate) fn session(&self, token: &TokenHash) -> Result<Option<SessionRecord>, StoreError> {
        read(&*self.store, &session_key(token))
    }

    pub(crate) fn put_session(&self, token: &TokenHash, session: &SessionRecord) -> Result<(), StoreError> {
        let mut batch = Batch::default();
        batch.put(session_key(token), session)?;
        self.commit(batch)
    }

    /// Lets a session that has not ended live on.
    pub(crate) fn prolong_session(&self, token: &TokenHash, until: u64) -> Result<(), StoreError> {
        let writing = self.writing.lock();
        let Some(mut session) = self.session(token)? else { return Ok(()) };
        session.expires_at = session.expires_at.max(until);
        let mut batch = Batch::default();
        batch.put(session_key(token), &session)?;
        self.store.apply(batch)?;
        drop(writing);
        self.store.flush()
    }

    pub(crate) fn end_session(&self, token: &TokenHash) -> Result<(), StoreError> {
        let writing = self.writing.lock();
        let mut batch = Batch::default();
        batch.remove(session_key(token));
        self.store.apply(batch)?;
        drop(writing);
        self.store.flush()
    }

    /// Removes what has expired. Returns how many there were.
    pub(crate) fn sweep_sessions(&self, now: u64) -> Result<usize, StoreError> {
        let mut batch = Batch::default();
        let mut swept = 0;
        self.store.scan(&Key::new(Shelf::Session, &[]), &mut |key, bytes| {
            // One that cannot be read lets nobody in, so it goes too.
            let expired = crate::store::decode::<SessionRecord>(key, bytes)
                .map_or(true, |session| session.expires_at <= now);
            if expired {
                batch.remove(Key::from_bytes(key));
                swept += 1;
            }
            Ok(())
        })?;
        if swept > 0 {
            self.store.apply(batch)?;
        }
        Ok(swept)
    }
}

fn session_key(token: &TokenHash) -> Key {
    Key::new(Shelf::Session, &[token.as_bytes()])
}

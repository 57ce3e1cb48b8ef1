//! Passwords at rest: Argon2id with the parameters OWASP recommends (19 MiB, 2 passes), each with a salt of its own.
//!
//! A hash takes tens of milliseconds and 19 MiB, so few are made at once and none on a thread that serves requests.

use std::sync::Arc;

use argon2::{
    Argon2,
    password_hash::{PasswordHasher as _, PasswordVerifier as _, phc::PasswordHash},
};

use tokio::sync::Semaphore;

use super::tokens;
use crate::reply::Refusal;

/// Passwords that are hashed at once.
const AT_ONCE: usize = 4;

/// Log-ins that may wait for their turn.
const WAITING: usize = 256;

/// Longest password that is looked at, in bytes.
pub(crate) const MAX_PASSWORD: usize = 1_024;

/// Shortest password that may be chosen, in characters.
const MIN_CHOSEN: usize = 12;

/// A hash that no password has: what is compared with when there is no user, so that the time does not tell.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$bGFtYmtpbi1kdW1teS1zYWx0$Z5aTb0RzOGKdYdyk4Eb7fmJ1rJgqXPeYhMtJRIkUXg8";

/// Turns at hashing: few at once, and a bounded crowd that waits.
#[derive(Debug)]
pub(crate) struct Passwords {
    turns: Arc<Semaphore>,
    crowd: Semaphore,
}

impl Passwords {
    pub(crate) fn new(cpus: usize) -> Self {
        let turns = cpus.clamp(1, AT_ONCE);
        Self { turns: Arc::new(Semaphore::new(turns)), crowd: Semaphore::new(turns + WAITING) }
    }

    /// [`hash`], off the threads that serve requests.
    pub(crate) async fn hash(&self, password: String) -> Result<String, Refusal> {
        self.work(move || hash(&password)).await?
    }

    /// [`verify`], off the threads that serve requests.
    pub(crate) async fn verify(&self, password: String, stored: Option<String>) -> Result<bool, Refusal> {
        self.work(move || verify(&password, stored.as_deref())).await
    }

    async fn work<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Refusal> {
        let _place = self.crowd.try_acquire().map_err(|_| Refusal::full("too many people are logging in"))?;
        let turn = Arc::clone(&self.turns).acquire_owned().await.map_err(Refusal::internal)?;
        let work = move || {
            // Held by the work, which goes on when its caller hangs up.
            let _turn = turn;
            work()
        };
        tokio::task::spawn_blocking(work).await.map_err(Refusal::internal)
    }
}

/// The hash of a password, as it is stored. Slow on purpose.
pub(crate) fn hash(password: &str) -> Result<String, Refusal> {
    let mut salt = [0; 16];
    tokens::fill(&mut salt)?;
    let hash: PasswordHash = Argon2::default()
        .hash_password_with_salt(password.as_bytes(), &salt)
        .map_err(|error| Refusal::internal(format!("a password cannot be hashed: {error}")))?;
    Ok(hash.to_string())
}

/// Whether a password is the one of a stored hash. As slow for nobody's as for somebody's.
pub(crate) fn verify(password: &str, stored: Option<&str>) -> bool {
    let verified = PasswordHash::new(stored.unwrap_or(NOBODY))
        .is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok());
    verified && stored.is_some()
}

/// Judges a password that somebody chose.
pub(crate) fn judge(password: &str, login_name: &str) -> Result<(), Refusal> {
    let refuse = |why: &str| Err(Refusal::bad_input(format!("`password` {why}")));
    if password.chars().count() < MIN_CHOSEN {
        return refuse(&format!("is shorter than {MIN_CHOSEN} characters"));
    }
    if password.len() > MAX_PASSWORD {
        return refuse(&format!("is longer than {MAX_PASSWORD} bytes"));
    }
    if password.to_lowercase() == login_name.to_lowercase() {
        return refuse("is the login name");
    }
    if password.chars().all(|character| password.starts_with(character)) {
        return refuse("is one character again and again");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_right_password_opens_and_no_other() {
        let stored = hash("correct horse").unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
        assert!(verify("correct horse", Some(&stored)));
        for (password, stored) in [
            ("correct horsf", Some(stored.as_str())),
            ("", Some(&stored)),
            ("x", Some("damaged")),
            ("", None),
        ] {
            assert!(!verify(password, stored), "{password}");
        }
        assert_ne!(hash("correct horse").unwrap(), stored, "salted");
        assert!(PasswordHash::new(NOBODY).is_ok(), "or comparing with nobody would be fast");
    }

    #[test]
    fn the_password_of_the_development_users_is_what_it_says() {
        assert!(verify(crate::config::DEV_PASSWORD, Some(crate::config::DEV_PASSWORD_HASH)));
    }

    #[test]
    fn weak_choices_are_refused() {
        for weak in ["short", "aaaaaaaaaaaaaaaa", "Administrators", &"x1".repeat(513)] {
            assert!(judge(weak, "administrators").is_err(), "{weak}");
        }
        judge("correct horse battery", "ada").unwrap();
    }
}

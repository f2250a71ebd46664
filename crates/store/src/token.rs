use std::fmt::Write as _;

use sha2::{Digest, Sha256};

/// The secret in the cookie of a guest: 256 random bits in hexadecimal. The store holds only its
/// hash.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl Token {
    /// A new random token.
    pub fn random() -> Self {
        Token(random_hex::<32>())
    }

    /// Parses the value of a cookie; `None` unless it has 64 hexadecimal digits.
    pub fn from_cookie(value: &str) -> Option<Self> {
        let fits = value.len() == 64 && value.bytes().all(|byte| byte.is_ascii_hexdigit());
        fits.then(|| Token(value.to_owned()))
    }

    /// The value for the cookie. Never log it.
    pub fn secret(&self) -> &str {
        &self.0
    }

    /// The SHA-256 of the token, which the store holds.
    pub fn hash(&self) -> String {
        digest(&self.0)
    }
}

pub fn random_id() -> String {
    random_hex::<16>()
}

/// A random 64-bit id in hexadecimal: unique on a board, or the key of one submission of a citizen.
pub fn short_id() -> String {
    random_hex::<8>()
}

pub(super) fn digest(text: &str) -> String {
    hex(&Sha256::digest(text.as_bytes()))
}

fn random_hex<const BYTES: usize>() -> String {
    let mut bytes = [0; BYTES];
    // Without a random source no token is safe: better to abort.
    getrandom::fill(&mut bytes).expect("the system has randomness");
    hex(&bytes)
}

fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

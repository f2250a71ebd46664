use std::fmt::Write as _;

use sha2::{Digest, Sha256};

/// The secret in a guest's cookie: 256 random bits in hexadecimal. The store keeps its hash only.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl Token {
    /// A new one.
    pub fn random() -> Self {
        Token(random_hex::<32>())
    }

    /// The token in a cookie, when it has the form of one.
    pub fn from_cookie(value: &str) -> Option<Self> {
        let fits = value.len() == 64 && value.bytes().all(|byte| byte.is_ascii_hexdigit());
        fits.then(|| Token(value.to_owned()))
    }

    /// For the cookie, and for nothing else.
    pub fn secret(&self) -> &str {
        &self.0
    }

    /// What the store keeps.
    pub fn hash(&self) -> String {
        digest(&self.0)
    }
}

/// An id that cannot be guessed: 128 random bits in hexadecimal.
pub fn random_id() -> String {
    random_hex::<16>()
}

/// An id that is the only one of its kind on a board, or a key of one submission of a citizen: 64 random bits in hexadecimal.
pub fn short_id() -> String {
    random_hex::<8>()
}

/// The SHA-256 of a text, in hexadecimal.
pub(super) fn digest(text: &str) -> String {
    hex(&Sha256::digest(text.as_bytes()))
}

fn random_hex<const BYTES: usize>() -> String {
    let mut bytes = [0; BYTES];
    // Without the system's randomness nothing here can be safe.
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

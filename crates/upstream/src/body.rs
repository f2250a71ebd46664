//! Reads a response body within a size limit.

use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_compression::tokio::bufread::GzipDecoder;
use futures::{StreamExt, TryStreamExt, stream};
use reqwest::Response;
use reqwest::header::{CONTENT_ENCODING, HeaderMap};
use tokio::io::{AsyncRead, AsyncReadExt};
use tokio_util::io::StreamReader;

use super::FetchError;

/// The only content coding that is requested. Every service supports it, and its window is 32 kB
/// whatever the compressor (RFC 1951, section 2), so the memory of the decoder is bounded.
pub const ACCEPTED_CODING: &str = "gzip";

/// Limit of the bytes of all bodies that are being received, decompressed.
const MAX_IN_FLIGHT: usize = 64 * 1024 * 1024;
/// Bytes that are read at once.
const PIECE: usize = 16 * 1024;

/// The bytes of all bodies that are being received.
#[derive(Default)]
pub struct InFlightBytes(AtomicUsize);

/// The bytes of one of them; given back when it is dropped.
struct Reserved<'a> {
    all: &'a InFlightBytes,
    bytes: usize,
}

impl Reserved<'_> {
    /// Fails when all bodies together would be too large.
    fn add(&mut self, bytes: usize) -> Result<(), FetchError> {
        self.bytes += bytes;
        let before = self.all.0.fetch_add(bytes, Ordering::Relaxed);
        if before.saturating_add(bytes) > MAX_IN_FLIGHT { Err(FetchError::Busy) } else { Ok(()) }
    }
}

impl Drop for Reserved<'_> {
    fn drop(&mut self) {
        self.all.0.fetch_sub(self.bytes, Ordering::Relaxed);
    }
}

/// Reads a body. Fails as soon as it exceeds `largest` bytes, on the wire or decompressed, and when
/// all that are being received exceed a limit together.
pub async fn read(
    mut response: Response,
    largest: usize,
    in_flight: &InFlightBytes,
) -> Result<Vec<u8>, FetchError> {
    let compressed = is_compressed(response.headers())?;
    let declared = response.content_length().unwrap_or_default();
    if declared > u64::try_from(largest).unwrap_or(u64::MAX) {
        return Err(FetchError::TooLarge(largest));
    }
    // Some servers send `Content-Encoding: gzip` with an empty body, which is no valid gzip stream.
    let Some(first) = response.chunk().await? else { return Ok(Vec::new()) };

    let mut on_the_wire = 0;
    let chunks = stream::once(async { Ok(first) }).chain(response.bytes_stream());
    let chunks = chunks.map_err(FetchError::from).map(move |chunk| {
        let chunk = chunk.map_err(io::Error::other)?;
        on_the_wire += chunk.len();
        if on_the_wire > largest {
            return Err(io::Error::other(FetchError::TooLarge(largest)));
        }
        Ok(chunk)
    });
    let reader = StreamReader::new(Box::pin(chunks));
    if compressed {
        let mut decoder = GzipDecoder::new(reader);
        decoder.multiple_members(true);
        read_limited(decoder, largest, in_flight).await
    } else {
        read_limited(reader, largest, in_flight).await
    }
}

/// Whether the body is compressed (RFC 9110, section 8.4).
fn is_compressed(headers: &HeaderMap) -> Result<bool, FetchError> {
    let mut codings = headers.get_all(CONTENT_ENCODING).iter();
    let coding = match (codings.next(), codings.next()) {
        (None, _) => return Ok(false),
        (Some(coding), None) => coding.to_str().unwrap_or_default().trim(),
        (Some(_), Some(_)) => "",
    };
    match coding.to_ascii_lowercase().as_str() {
        "identity" => Ok(false),
        "gzip" | "x-gzip" => Ok(true),
        _ => Err(FetchError::Unreadable("unsupported content coding".to_owned())),
    }
}

async fn read_limited(
    reader: impl AsyncRead + Unpin,
    largest: usize,
    in_flight: &InFlightBytes,
) -> Result<Vec<u8>, FetchError> {
    let mut bytes = Vec::new();
    let limit = u64::try_from(largest).unwrap_or(u64::MAX).saturating_add(1);
    let mut reader = reader.take(limit);
    let mut reserved = Reserved { all: in_flight, bytes: 0 };
    loop {
        // Grows by doubling; what is reserved is what is allocated.
        if bytes.len() == bytes.capacity() {
            let before = bytes.capacity();
            bytes.reserve(before.max(PIECE));
            reserved.add(bytes.capacity().saturating_sub(before))?;
        }
        let read = reader.read_buf(&mut bytes).await;
        let read = read.map_err(|error| match error.downcast::<FetchError>() {
            Ok(error) => error,
            Err(_) => FetchError::Unreadable("invalid gzip".to_owned()),
        })?;
        if read == 0 {
            break;
        }
    }
    bytes.shrink_to_fit();
    if bytes.len() > largest { Err(FetchError::TooLarge(largest)) } else { Ok(bytes) }
}

#[cfg(test)]
mod tests {
    use async_compression::tokio::bufread::GzipEncoder;

    use super::*;

    const MAX_BYTES: usize = 10_000;

    async fn read_as(coding: &'static str, body: Vec<u8>) -> Result<Vec<u8>, FetchError> {
        let response = axum::http::Response::builder().header(CONTENT_ENCODING, coding).body(body);
        read(Response::from(response.expect("a response")), MAX_BYTES, &InFlightBytes::default())
            .await
    }

    async fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut compressed = Vec::new();
        GzipEncoder::new(bytes).read_to_end(&mut compressed).await.expect("compressed");
        compressed
    }

    fn too_large() -> Result<Vec<u8>, FetchError> {
        Err(FetchError::TooLarge(MAX_BYTES))
    }

    #[tokio::test]
    async fn a_body_is_read_up_to_its_limit() {
        for length in [0, 1, MAX_BYTES] {
            let bytes = vec![b'x'; length];
            assert_eq!(read_as("gzip", gzip(&bytes).await).await, Ok(bytes.clone()));
            assert_eq!(read_as("identity", bytes.clone()).await, Ok(bytes));
        }
        assert_eq!(read_as("gzip", gzip(&vec![0; MAX_BYTES + 1]).await).await, too_large());
        assert_eq!(read_as("GZIP", gzip(&vec![0; 50_000_000]).await).await, too_large());
        assert_eq!(read_as("identity", vec![0; MAX_BYTES + 1]).await, too_large());
    }

    #[tokio::test]
    async fn bytes_on_the_wire_are_limited_even_if_they_decompress_to_nothing() {
        let nothing = gzip(b"").await;
        let few = nothing.repeat(MAX_BYTES / nothing.len());
        assert_eq!(read_as("gzip", few.clone()).await, Ok(Vec::new()));
        assert_eq!(read_as("gzip", few.repeat(2)).await, too_large());
        // The same without a `Content-Length`.
        let chunks = (0..3).map(|_| Ok::<_, io::Error>(few.clone())).collect::<Vec<_>>();
        let chunked = axum::http::Response::builder()
            .header(CONTENT_ENCODING, "gzip")
            .body(reqwest::Body::wrap_stream(stream::iter(chunks)))
            .expect("a response");
        assert_eq!(
            read(Response::from(chunked), MAX_BYTES, &InFlightBytes::default()).await,
            too_large()
        );
    }

    #[tokio::test]
    async fn an_invalid_or_unsupported_coding_is_unreadable() {
        let whole = gzip(&[b'x'; 1_000]).await;
        for (coding, body) in [
            ("gzip", b"{\"plain\":true}".to_vec()),
            ("gzip", whole[..whole.len() - 4].to_vec()),
            ("gzip", [&whole[..], b"and more"].concat()),
            ("br", b"{\"plain\":true}".to_vec()),
            ("gzip, gzip", whole),
        ] {
            let read = read_as(coding, body).await;
            assert!(matches!(read, Err(FetchError::Unreadable(_))), "{coding}: {read:?}");
        }
        // `Content-Encoding: gzip` with an empty body is accepted.
        assert_eq!(read_as("gzip", Vec::new()).await, Ok(Vec::new()));
    }

    #[tokio::test]
    async fn all_bodies_together_are_limited() {
        let all = InFlightBytes::default();
        let mut one = Reserved { all: &all, bytes: 0 };
        assert_eq!(one.add(MAX_IN_FLIGHT - 10), Ok(()));
        assert_eq!(read_limited(&[b'x'; 100][..], 100, &all).await, Err(FetchError::Busy));
        drop(one);
        assert_eq!(read_limited(&[b'x'; 100][..], 100, &all).await, Ok(vec![b'x'; 100]));
        assert_eq!(all.0.load(Ordering::Relaxed), 0);
    }
}

//! The body of an answer, within its limit.

use std::io;

use async_compression::tokio::bufread::GzipDecoder;
use futures::{StreamExt, TryStreamExt, stream};
use reqwest::Response;
use reqwest::header::{CONTENT_ENCODING, HeaderMap};
use tokio::io::{AsyncRead, AsyncReadExt};
use tokio_util::io::StreamReader;

use super::FetchError;

/// The one coding that is asked for. Every service knows it, and its window is 32 kB, whoever compressed (RFC 1952): no answer can make
/// its reader hold more.
pub const ACCEPTED_CODING: &str = "gzip";

/// Reads a body. It is given up as soon as more than `largest` bytes came over the wire, or out of what was compressed.
pub async fn read(mut response: Response, largest: usize) -> Result<Vec<u8>, FetchError> {
    let compressed = is_compressed(response.headers())?;
    let announced = response.content_length().unwrap_or_default();
    if announced > u64::try_from(largest).unwrap_or(u64::MAX) {
        return Err(FetchError::TooLarge(largest));
    }
    // Of nothing a compressor makes something, but what answers with nothing has not asked one.
    let Some(first) = response.chunk().await? else { return Ok(Vec::new()) };

    let mut on_the_wire = 0;
    let pieces = stream::once(async { Ok(first) }).chain(response.bytes_stream());
    let pieces = pieces.map_err(FetchError::from).map(move |piece| {
        let piece = piece.map_err(io::Error::other)?;
        on_the_wire += piece.len();
        if on_the_wire > largest {
            return Err(io::Error::other(FetchError::TooLarge(largest)));
        }
        Ok(piece)
    });
    let wire = StreamReader::new(Box::pin(pieces));
    if compressed {
        let mut decoder = GzipDecoder::new(wire);
        decoder.multiple_members(true);
        within(decoder, largest).await
    } else {
        within(wire, largest).await
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
        _ => Err(FetchError::Unreadable("compressed in a way that was not asked for".to_owned())),
    }
}

async fn within(reader: impl AsyncRead + Unpin, largest: usize) -> Result<Vec<u8>, FetchError> {
    let mut bytes = Vec::new();
    let beyond = u64::try_from(largest).unwrap_or(u64::MAX).saturating_add(1);
    let read = reader.take(beyond).read_to_end(&mut bytes).await;
    read.map_err(|error| match error.downcast::<FetchError>() {
        Ok(failure) => failure,
        Err(_) => FetchError::Unreadable("not gzip, though it says so".to_owned()),
    })?;
    if bytes.len() > largest { Err(FetchError::TooLarge(largest)) } else { Ok(bytes) }
}

#[cfg(test)]
mod tests {
    use async_compression::tokio::bufread::GzipEncoder;

    use super::*;

    const LARGEST: usize = 10_000;

    async fn read_as(coding: &'static str, body: Vec<u8>) -> Result<Vec<u8>, FetchError> {
        let answer = axum::http::Response::builder().header(CONTENT_ENCODING, coding).body(body);
        read(Response::from(answer.expect("an answer")), LARGEST).await
    }

    async fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut compressed = Vec::new();
        GzipEncoder::new(bytes).read_to_end(&mut compressed).await.expect("compressed");
        compressed
    }

    fn too_large() -> Result<Vec<u8>, FetchError> {
        Err(FetchError::TooLarge(LARGEST))
    }

    #[tokio::test]
    async fn what_is_compressed_is_read_up_to_its_limit() {
        for length in [0, 1, LARGEST] {
            let bytes = vec![b'x'; length];
            assert_eq!(read_as("gzip", gzip(&bytes).await).await, Ok(bytes.clone()));
            assert_eq!(read_as("identity", bytes.clone()).await, Ok(bytes));
        }
        assert_eq!(read_as("gzip", gzip(&vec![0; LARGEST + 1]).await).await, too_large());
        assert_eq!(read_as("GZIP", gzip(&vec![0; 50_000_000]).await).await, too_large());
        assert_eq!(read_as("identity", vec![0; LARGEST + 1]).await, too_large());
    }

    #[tokio::test]
    async fn what_comes_over_the_wire_is_limited_also_when_nothing_comes_out_of_it() {
        let nothing = gzip(b"").await;
        let few = nothing.repeat(LARGEST / nothing.len());
        assert_eq!(read_as("gzip", few.clone()).await, Ok(Vec::new()));
        assert_eq!(read_as("gzip", few.repeat(2)).await, too_large());
        // Without a length that gives it away.
        let pieces = (0..3).map(|_| Ok::<_, io::Error>(few.clone())).collect::<Vec<_>>();
        let endless = axum::http::Response::builder()
            .header(CONTENT_ENCODING, "gzip")
            .body(reqwest::Body::wrap_stream(stream::iter(pieces)))
            .expect("an answer");
        assert_eq!(read(Response::from(endless), LARGEST).await, too_large());
    }

    #[tokio::test]
    async fn what_is_compressed_wrongly_is_unreadable() {
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
        // A service that says it for every answer says it for an empty one.
        assert_eq!(read_as("gzip", Vec::new()).await, Ok(Vec::new()));
    }
}

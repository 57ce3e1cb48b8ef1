//! Content codings of responses: gzip, deflate and br are undone while a body arrives, never beyond a cap.
//!
//! A kilobyte may unfold into gigabytes, so what is counted is what comes out, and the decoder is stopped in the middle
//! of a chunk.

use std::io::{self, Write};

use brotli_decompressor::DecompressorWriter;
use flate2::write::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};

/// Bytes of brotli's own buffer.
const BUFFER: usize = 8 << 10;

/// What a client that undoes codings says it takes.
pub(crate) const ACCEPTED: &str = "gzip, deflate, br";

/// Undoes the coding of one body.
pub(crate) enum Decoder {
    Plain(Capped),
    Gzip(Box<MultiGzDecoder<Capped>>),
    /// It begins like zlib's format (as the standard has it) or without a header (as some send it): the first byte tells.
    Deflate(Option<Capped>),
    Zlib(Box<ZlibDecoder<Capped>>),
    Raw(Box<DeflateDecoder<Capped>>),
    Brotli(Box<DecompressorWriter<Capped>>),
}

/// Bytes up to a cap.
#[derive(Debug)]
pub(crate) struct Capped {
    bytes: Vec<u8>,
    room: usize,
    pub(crate) is_full: bool,
}

impl Write for Capped {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if bytes.len() > self.room {
            self.is_full = true;
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        self.room -= bytes.len();
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Decoder {
    /// For the value of `content-encoding`; `None` for one that is not undone here.
    pub(crate) fn new(coding: Option<&str>, cap: usize) -> Option<Self> {
        let capped = Capped { bytes: Vec::new(), room: cap, is_full: false };
        Some(match coding.map(|coding| coding.trim().to_ascii_lowercase()).as_deref() {
            None | Some("" | "identity") => Self::Plain(capped),
            Some("gzip" | "x-gzip") => Self::Gzip(Box::new(MultiGzDecoder::new(capped))),
            Some("deflate") => Self::Deflate(Some(capped)),
            Some("br") => Self::Brotli(Box::new(DecompressorWriter::new(capped, BUFFER))),
            Some(_) => return None,
        })
    }

    /// Takes a chunk in.
    pub(crate) fn write(&mut self, chunk: &[u8]) -> io::Result<()> {
        if let (Self::Deflate(capped), Some(first)) = (&mut *self, chunk.first())
            && let Some(capped) = capped.take()
        {
            *self = match first & 0x0f {
                8 => Self::Zlib(Box::new(ZlibDecoder::new(capped))),
                _ => Self::Raw(Box::new(DeflateDecoder::new(capped))),
            };
        }
        match self {
            Self::Plain(out) => out.write_all(chunk),
            Self::Gzip(decoder) => decoder.write_all(chunk),
            Self::Deflate(_) => Ok(()),
            Self::Zlib(decoder) => decoder.write_all(chunk),
            Self::Raw(decoder) => decoder.write_all(chunk),
            Self::Brotli(decoder) => decoder.write_all(chunk),
        }
    }

    /// Nothing more is coming: whether the body was complete.
    pub(crate) fn finish(&mut self) -> io::Result<()> {
        match self {
            Self::Plain(_) | Self::Deflate(_) => Ok(()),
            Self::Gzip(decoder) => decoder.try_finish(),
            Self::Zlib(decoder) => decoder.try_finish(),
            Self::Raw(decoder) => decoder.try_finish(),
            Self::Brotli(decoder) => decoder.close(),
        }
    }

    fn out(&mut self) -> Option<&mut Capped> {
        match self {
            Self::Plain(out) => Some(out),
            Self::Gzip(decoder) => Some(decoder.get_mut()),
            Self::Deflate(out) => out.as_mut(),
            Self::Zlib(decoder) => Some(decoder.get_mut()),
            Self::Raw(decoder) => Some(decoder.get_mut()),
            Self::Brotli(decoder) => Some(decoder.get_mut()),
        }
    }

    /// Bytes that are ready.
    pub(crate) fn ready(&mut self) -> usize {
        self.out().map_or(0, |out| out.bytes.len())
    }

    /// Takes them out.
    pub(crate) fn take(&mut self) -> Vec<u8> {
        self.out().map_or_else(Vec::new, |out| std::mem::take(&mut out.bytes))
    }

    /// Whether the cap was reached.
    pub(crate) fn is_full(&mut self) -> bool {
        self.out().is_some_and(|out| out.is_full)
    }
}

#[cfg(test)]
mod tests {
    use flate2::{
        Compression,
        write::{DeflateEncoder, GzEncoder, ZlibEncoder},
    };

    use super::*;

    fn decoded(coding: &str, bytes: &[u8], cap: usize) -> Result<Vec<u8>, bool> {
        let mut decoder = Decoder::new(Some(coding), cap).unwrap();
        for chunk in bytes.chunks(7) {
            if decoder.write(chunk).is_err() {
                return Err(decoder.is_full());
            }
        }
        decoder.finish().map_err(|_| decoder.is_full())?;
        Ok(decoder.take())
    }

    fn coded(coding: &str, text: &[u8]) -> Vec<u8> {
        let best = Compression::best();
        macro_rules! with {
            ($encoder:ident) => {{
                let mut encoder = $encoder::new(Vec::new(), best);
                encoder.write_all(text).unwrap();
                encoder.finish().unwrap()
            }};
        }
        match coding {
            "gzip" => with!(GzEncoder),
            "zlib" => with!(ZlibEncoder),
            _ => with!(DeflateEncoder),
        }
    }

    #[test]
    fn what_was_coded_comes_back() {
        let text = b"the quick brown fox ".repeat(50);
        for (coding, bytes) in [
            ("gzip", coded("gzip", &text)),
            ("X-GZIP", coded("gzip", &text)),
            ("deflate", coded("zlib", &text)),
            ("deflate", coded("raw", &text)),
            ("identity", text.clone()),
        ] {
            assert_eq!(decoded(coding, &bytes, 1_000).unwrap(), text, "{coding}");
            assert_eq!(decoded(coding, &bytes, 999), Err(true), "{coding}");
        }
        // `printf 'hello brotli' | brotli`
        let brotli =
            [0x8f, 5, 0x80, b'h', b'e', b'l', b'l', b'o', b' ', b'b', b'r', b'o', b't', b'l', b'i', 3];
        assert_eq!(decoded("br", &brotli, 1_000).unwrap(), b"hello brotli");
        assert_eq!(decoded("br", &brotli, 11), Err(true));
        assert!(Decoder::new(Some("zstd"), 1).is_none());
    }

    #[test]
    fn damaged_bodies_are_errors() {
        let bytes = coded("gzip", &b"text ".repeat(100));
        assert_eq!(decoded("gzip", b"no gzip at all", 1_000), Err(false));
        assert_eq!(decoded("gzip", &bytes[..bytes.len() - 9], 1_000), Err(false));
        assert_eq!(decoded("br", &[0xff; 20], 1_000), Err(false));
    }

    #[test]
    fn a_bomb_goes_off_in_the_middle_of_a_chunk() {
        let bytes = coded("gzip", &vec![0; 64 << 20]);
        let mut decoder = Decoder::new(Some("gzip"), 1 << 20).unwrap();
        assert!(decoder.write(&bytes).is_err());
        assert!(decoder.is_full() && decoder.ready() <= 1 << 20);
    }

    #[test]
    fn a_bomb_of_brotli_goes_off_in_the_middle_of_a_chunk() {
        // Made with Node's `zlib.brotliCompressSync(Buffer.alloc(64 << 20))`: 64 MiB in 106 bytes.
        let bytes = [
            0xcb, 0xff, 0xff, 0x3f, 0xf8, 0x27, 0x00, 0xe2, 0xb1, 0x40, 0x20, 0xf7, 0xfe, 0x8f, 0xff, 0xff,
            0x7f, 0xf0, 0x4f, 0x00, 0xc4, 0x61, 0x11, 0x80, 0xee, 0xfd, 0x1f, 0xff, 0xff, 0xff, 0xe0, 0x9f,
            0x00, 0x88, 0xc3, 0x02, 0x00, 0xdd, 0xfb, 0x3f, 0xfe, 0xff, 0xff, 0xc1, 0x3f, 0x01, 0x10, 0x87,
            0x05, 0x00, 0xba, 0xf7, 0x7f, 0xfc, 0xff, 0xff, 0x83, 0x7f, 0x02, 0x20, 0x0e, 0x0b, 0x00, 0x74,
            0xef, 0xff, 0xf8, 0xff, 0xff, 0x07, 0xff, 0x04, 0x40, 0x1c, 0x16, 0x00, 0xe8, 0xde, 0xff, 0xf1,
            0xff, 0xff, 0x0f, 0xfe, 0x09, 0x80, 0x38, 0x2c, 0x00, 0xd0, 0xbd, 0xff, 0xcb, 0xff, 0xff, 0x3f,
            0xfc, 0x13, 0x00, 0x71, 0x58, 0x00, 0xa0, 0x7b, 0xff, 0x07,
        ];
        let mut decoder = Decoder::new(Some("br"), 1 << 20).unwrap();
        assert!(decoder.write(&bytes).is_err());
        assert!(decoder.is_full() && decoder.ready() <= 1 << 20);
        // And the cap is what stopped it: with room for all of it the body is complete.
        let mut roomy = Decoder::new(Some("br"), 64 << 20).unwrap();
        roomy.write(&bytes).unwrap();
        roomy.finish().unwrap();
        assert_eq!(roomy.take().len(), 64 << 20);
    }
}

//! A stream of zlib with what Node does around one: `unzip` looks for itself what it was given, `gunzip` reads one member
//! after the other, dictionaries are given again after a reset.

use std::ffi::{CStr, c_int};
use std::ptr::NonNull;

use libz_rs_sys::{
    Z_BUF_ERROR, Z_DATA_ERROR, Z_DEFLATED, Z_FINISH, Z_MEM_ERROR, Z_NEED_DICT, Z_NO_FLUSH, Z_OK,
    Z_STREAM_END, Z_STREAM_ERROR, Z_VERSION_ERROR, deflate, deflateEnd, deflateInit2_, deflateParams,
    deflateReset, deflateSetDictionary, inflate, inflateEnd, inflateInit2_, inflateReset,
    inflateSetDictionary, z_stream, zlibVersion,
};

use super::zlib::{Failure, Left};

/// Node's numbers.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    Deflate = 1,
    Inflate,
    Gzip,
    Gunzip,
    DeflateRaw,
    InflateRaw,
    /// Until the first bytes tell.
    Unzip,
}

impl Mode {
    const ALL: [Self; 7] = [
        Self::Deflate,
        Self::Inflate,
        Self::Gzip,
        Self::Gunzip,
        Self::DeflateRaw,
        Self::InflateRaw,
        Self::Unzip,
    ];

    fn compresses(self) -> bool {
        matches!(self, Self::Deflate | Self::Gzip | Self::DeflateRaw)
    }

    /// zlib's way to say which headers there are.
    fn window_bits(self, bits: c_int) -> c_int {
        match self {
            Self::Deflate | Self::Inflate => bits,
            Self::Gzip | Self::Gunzip => bits + 16,
            Self::Unzip => bits + 32,
            Self::DeflateRaw | Self::InflateRaw => -bits,
        }
    }
}

const GZIP_HEADER: [u8; 2] = [0x1f, 0x8b];

pub struct Stream {
    /// Boxed, as zlib wants it to stay where it is.
    raw: Box<z_stream>,
    mode: Mode,
    /// The mode's number and the window's bits it was made with.
    kind: (i32, i32),
    dictionary: Vec<u8>,
    /// How many bytes of a gzip header `unzip` has seen.
    seen: usize,
}

impl Stream {
    /// `settings`: level, memory level, strategy; they matter for compressing only.
    pub fn new(
        mode: i32,
        window_bits: i32,
        settings: [i32; 3],
        dictionary: Vec<u8>,
    ) -> Result<Self, Failure> {
        let mut raw = Box::<z_stream>::default();
        let Some(mode) = Mode::ALL.into_iter().find(|known| *known as i32 == mode) else {
            return Err(failure(&raw, Z_STREAM_ERROR, "Init error"));
        };
        let [level, memory, strategy] = settings;
        let bits = mode.window_bits(window_bits);
        let size = size_of::<z_stream>() as c_int;
        // SAFETY: the stream is zlib's default one, the version and the size are its own.
        let status = unsafe {
            if mode.compresses() {
                deflateInit2_(&raw mut *raw, level, Z_DEFLATED, bits, memory, strategy, zlibVersion(), size)
            } else {
                inflateInit2_(&raw mut *raw, bits, zlibVersion(), size)
            }
        };
        if status != Z_OK {
            return Err(failure(&raw, status, "Init error"));
        }
        let mut stream = Self { raw, mode, kind: (mode as i32, window_bits), dictionary, seen: 0 };
        stream.give_dictionary()?;
        Ok(stream)
    }

    fn give_dictionary(&mut self) -> Result<(), Failure> {
        let is_early = matches!(self.mode, Mode::Deflate | Mode::DeflateRaw | Mode::InflateRaw);
        if self.dictionary.is_empty() || !is_early {
            return Ok(());
        }
        match self.set_dictionary() {
            Z_OK => Ok(()),
            status => Err(failure(&self.raw, status, "Failed to set dictionary")),
        }
    }

    fn set_dictionary(&mut self) -> c_int {
        let (start, len) = (self.dictionary.as_ptr(), self.dictionary.len() as u32);
        // SAFETY: the stream was initialised as what `mode` says; zlib reads the dictionary during the call only.
        unsafe {
            if self.mode.compresses() {
                deflateSetDictionary(&raw mut *self.raw, start, len)
            } else {
                inflateSetDictionary(&raw mut *self.raw, start, len)
            }
        }
    }

    pub fn reset(&mut self) -> Result<(), Failure> {
        // SAFETY: the stream was initialised as what `mode` says.
        let status = unsafe {
            if self.mode.compresses() {
                deflateReset(&raw mut *self.raw)
            } else {
                inflateReset(&raw mut *self.raw)
            }
        };
        if status != Z_OK {
            return Err(failure(&self.raw, status, "Failed to reset stream"));
        }
        self.give_dictionary()
    }

    /// As in Node, `gzip` has no parameters to set. All input so far was flushed before.
    pub fn set_parameters(&mut self, level: i32, strategy: i32) -> Result<(), Failure> {
        if !matches!(self.mode, Mode::Deflate | Mode::DeflateRaw) {
            return Ok(());
        }
        self.raw.avail_in = 0;
        self.raw.next_out = NonNull::dangling().as_ptr();
        self.raw.avail_out = 0;
        // SAFETY: a stream that compresses; there is no input, and no room for output that could be written to.
        let status = unsafe { deflateParams(&raw mut *self.raw, level, strategy) };
        match status {
            Z_OK | Z_BUF_ERROR => Ok(()),
            _ => Err(failure(&self.raw, status, "Failed to set parameters")),
        }
    }

    pub fn write(&mut self, flush: i32, input: &[u8], output: &mut [u8]) -> Result<Left, Failure> {
        // zlib refuses null; an empty slice is not null.
        self.raw.next_in = input.as_ptr().cast_mut();
        self.raw.avail_in = input.len() as u32;
        self.raw.next_out = output.as_mut_ptr();
        self.raw.avail_out = output.len() as u32;
        let is_new = self.raw.total_in == 0;
        let status = self.work(flush, input);
        let left = Left { input: self.raw.avail_in as usize, output: self.raw.avail_out as usize };
        match status {
            Z_OK | Z_BUF_ERROR if left.output != 0 && flush == Z_FINISH => {
                Err(failure(&self.raw, status, "unexpected end of file"))
            }
            Z_OK | Z_BUF_ERROR | Z_STREAM_END => Ok(left),
            Z_NEED_DICT if self.dictionary.is_empty() => {
                Err(failure(&self.raw, status, "Missing dictionary"))
            }
            Z_NEED_DICT => Err(failure(&self.raw, status, "Bad dictionary")),
            Z_DATA_ERROR if message_of(&self.raw) == Some(LOST) => {
                let told = if is_new { self.retell(input, output) } else { None };
                Err(told.unwrap_or_else(|| Failure {
                    message: "invalid compressed data".to_owned(),
                    number: Z_DATA_ERROR,
                    code: "Z_DATA_ERROR".to_owned(),
                }))
            }
            _ => Err(failure(&self.raw, status, "Zlib error")),
        }
    }

    fn work(&mut self, flush: i32, input: &[u8]) -> c_int {
        if self.mode.compresses() {
            // SAFETY: a stream that compresses; both pointers are followed by as many bytes as they say.
            return unsafe { deflate(&raw mut *self.raw, flush) };
        }
        if self.mode == Mode::Unzip {
            self.look_at(input);
        }
        let mut status = self.inflate(flush);
        if status == Z_NEED_DICT && self.mode != Mode::InflateRaw && !self.dictionary.is_empty() {
            status = match self.set_dictionary() {
                Z_OK => self.inflate(flush),
                // Tells a wrong dictionary from wrong input.
                Z_DATA_ERROR => Z_NEED_DICT,
                other => other,
            };
        }
        // One more member, or garbage; zeros are padding.
        while self.mode == Mode::Gunzip
            && status == Z_STREAM_END
            && self.next_byte(input).is_some_and(|b| b != 0)
        {
            if self.reset().is_err() {
                return Z_STREAM_ERROR;
            }
            status = self.inflate(flush);
        }
        status
    }

    fn next_byte(&self, input: &[u8]) -> Option<u8> {
        let left = self.raw.avail_in as usize;
        if left == 0 { None } else { input.get(input.len() - left).copied() }
    }

    /// Looks for a gzip header, of which a write may bring one byte only.
    fn look_at(&mut self, input: &[u8]) {
        for byte in input {
            if *byte != GZIP_HEADER[self.seen] {
                self.mode = Mode::Inflate;
                return;
            }
            self.seen += 1;
            if self.seen == GZIP_HEADER.len() {
                self.mode = Mode::Gunzip;
                return;
            }
        }
    }

    fn inflate(&mut self, flush: i32) -> c_int {
        // SAFETY: a stream that decompresses; both pointers are followed by as many bytes as they say.
        unsafe { inflate(&raw mut *self.raw, flush) }
    }

    /// What is wrong with input that a new stream of this kind failed on, read once more in pieces.
    fn retell(&self, input: &[u8], output: &mut [u8]) -> Option<Failure> {
        let (mode, bits) = self.kind;
        let mut again = Self::new(mode, bits, [0; 3], self.dictionary.clone()).ok()?;
        let (mut read, mut written) = (0, 0);
        loop {
            let piece = &input[read..(read + PIECE).min(input.len())];
            let room = &mut output[written..];
            let (given, free) = (piece.len(), room.len());
            let left = match again.write(Z_NO_FLUSH, piece, room) {
                Ok(left) => left,
                Err(failure) => return Some(failure),
            };
            if given == left.input && free == left.output {
                return None;
            }
            read += given - left.input;
            written += free - left.output;
        }
    }
}

/// zlib-rs has a fast way for input of at least 15 bytes, on which it forgets what was wrong with the input and says this
/// instead.
const LOST: &CStr = c"repeated call with bad state";
/// Too short for the fast way.
const PIECE: usize = 7;

impl Drop for Stream {
    fn drop(&mut self) {
        // SAFETY: the stream was initialised as what `mode` says, and nothing uses it after this.
        unsafe {
            if self.mode.compresses() {
                deflateEnd(&raw mut *self.raw);
            } else {
                inflateEnd(&raw mut *self.raw);
            }
        }
    }
}

/// The checksum of gzip, going on from `before`; 0 to begin with.
pub fn crc32(before: u32, data: &[u8]) -> u32 {
    // SAFETY: the pointer is followed by that many bytes.
    unsafe { libz_rs_sys::crc32(before.into(), data.as_ptr(), data.len() as u32) as u32 }
}

fn message_of(raw: &z_stream) -> Option<&'static CStr> {
    // SAFETY: zlib's messages are static C strings.
    (!raw.msg.is_null()).then(|| unsafe { CStr::from_ptr(raw.msg) })
}

/// What zlib says itself, or else `message`.
fn failure(raw: &z_stream, status: c_int, message: &str) -> Failure {
    let message =
        message_of(raw).map_or_else(|| message.to_owned(), |said| said.to_string_lossy().into_owned());
    let code = match status {
        Z_OK => "Z_OK",
        Z_STREAM_END => "Z_STREAM_END",
        Z_NEED_DICT => "Z_NEED_DICT",
        Z_STREAM_ERROR => "Z_STREAM_ERROR",
        Z_DATA_ERROR => "Z_DATA_ERROR",
        Z_MEM_ERROR => "Z_MEM_ERROR",
        Z_BUF_ERROR => "Z_BUF_ERROR",
        Z_VERSION_ERROR => "Z_VERSION_ERROR",
        _ => "Z_ERRNO",
    };
    Failure { message, number: status, code: code.to_owned() }
}

//! A brotli stream as Node's binding has them.

use brotli::enc::StandardAlloc;
use brotli::enc::encode::{BrotliEncoderOperation, BrotliEncoderParameter, BrotliEncoderStateStruct};
use brotli::{BrotliDecompressStream, BrotliResult, BrotliState};

use super::zlib::{Failure, Left};

type Encoder = BrotliEncoderStateStruct<StandardAlloc>;
type Decoder = BrotliState<StandardAlloc, StandardAlloc, StandardAlloc>;

/// Node's default for what every page of a site is compressed with.
const QUALITY: u32 = 11;
const WINDOW: u32 = 22;
/// `BROTLI_OPERATION_FINISH`.
const FINISH: i32 = 2;
/// The decoder's parameter that admits windows larger than the format's.
const LARGE_WINDOW: usize = 1;

pub enum Brotli {
    Encoder(Box<Encoder>),
    Decoder(Box<Decoder>),
}

impl Brotli {
    /// `parameters` in the order of their numbers, -1 for what is not set. `None`: one was refused.
    pub fn new(compresses: bool, parameters: &[i64]) -> Option<Self> {
        let mut codec = Self::bare(compresses);
        for (number, value) in parameters.iter().enumerate() {
            let Ok(value) = u32::try_from(*value) else { continue };
            match &mut codec {
                Self::Encoder(encoder) => {
                    if !encoder.set_parameter(encoder_parameter(number)?, value) {
                        return None;
                    }
                }
                Self::Decoder(decoder) => decoder.large_window |= number == LARGE_WINDOW && value != 0,
            }
        }
        Some(codec)
    }

    fn bare(compresses: bool) -> Self {
        let alloc = StandardAlloc::default;
        if !compresses {
            return Self::Decoder(Box::new(Decoder::new_strict(alloc(), alloc(), alloc())));
        }
        let mut encoder = Box::new(Encoder::new(alloc()));
        encoder.set_parameter(BrotliEncoderParameter::BROTLI_PARAM_QUALITY, QUALITY);
        encoder.set_parameter(BrotliEncoderParameter::BROTLI_PARAM_LGWIN, WINDOW);
        Self::Encoder(encoder)
    }

    /// As in Node, parameters are lost.
    pub fn reset(&mut self) {
        *self = Self::bare(matches!(self, Self::Encoder(_)));
    }

    pub fn write(&mut self, flush: i32, input: &[u8], output: &mut [u8]) -> Result<Left, Failure> {
        let mut left = Left { input: input.len(), output: output.len() };
        let (mut read, mut written) = (0, 0);
        match self {
            Self::Encoder(encoder) => {
                let is_done = encoder.compress_stream(
                    operation(flush),
                    &mut left.input,
                    input,
                    &mut read,
                    &mut left.output,
                    output,
                    &mut written,
                    &mut None,
                    &mut |_, _, _, _| (),
                );
                if is_done {
                    Ok(left)
                } else {
                    Err(failed("Compression failed", -1, "ERR_BROTLI_COMPRESSION_FAILED"))
                }
            }
            Self::Decoder(decoder) => {
                let mut total = 0;
                let result = BrotliDecompressStream(
                    &mut left.input,
                    &mut read,
                    input,
                    &mut left.output,
                    &mut written,
                    output,
                    &mut total,
                    decoder,
                );
                match result {
                    BrotliResult::ResultFailure => {
                        let code = code_of(&format!("{:?}", decoder.error_code));
                        Err(failed("Decompression failed", decoder.error_code as i32, &code))
                    }
                    BrotliResult::NeedsMoreInput if flush == FINISH => {
                        Err(failed("unexpected end of file", -5, "Z_BUF_ERROR"))
                    }
                    _ => Ok(left),
                }
            }
        }
    }
}

/// `ERR_` and the last part of the library's name for an error, as Node 10 has it.
fn code_of(name: &str) -> String {
    let kinds = ["BROTLI_DECODER_ERROR_FORMAT_", "BROTLI_DECODER_ERROR_ALLOC_", "BROTLI_DECODER_ERROR_"];
    let last = kinds.into_iter().find_map(|kind| name.strip_prefix(kind)).unwrap_or(name);
    format!("ERR_{last}")
}

fn failed(message: &str, number: i32, code: &str) -> Failure {
    Failure { message: message.to_owned(), number, code: code.to_owned() }
}

fn operation(flush: i32) -> BrotliEncoderOperation {
    match flush {
        1 => BrotliEncoderOperation::BROTLI_OPERATION_FLUSH,
        FINISH => BrotliEncoderOperation::BROTLI_OPERATION_FINISH,
        3 => BrotliEncoderOperation::BROTLI_OPERATION_EMIT_METADATA,
        _ => BrotliEncoderOperation::BROTLI_OPERATION_PROCESS,
    }
}

fn encoder_parameter(number: usize) -> Option<BrotliEncoderParameter> {
    Some(match number {
        0 => BrotliEncoderParameter::BROTLI_PARAM_MODE,
        1 => BrotliEncoderParameter::BROTLI_PARAM_QUALITY,
        2 => BrotliEncoderParameter::BROTLI_PARAM_LGWIN,
        3 => BrotliEncoderParameter::BROTLI_PARAM_LGBLOCK,
        4 => BrotliEncoderParameter::BROTLI_PARAM_DISABLE_LITERAL_CONTEXT_MODELING,
        5 => BrotliEncoderParameter::BROTLI_PARAM_SIZE_HINT,
        6 => BrotliEncoderParameter::BROTLI_PARAM_LARGE_WINDOW,
        _ => return None,
    })
}

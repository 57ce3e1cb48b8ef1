//! An image: what the engine's memory looks like after it has evaluated one lambda's top level.
//!
//! Kept as its difference from the base image, which every engine build reproduces byte for byte: the pages that
//! differ, and of those the bytes that differ. The file format, all numbers little-endian:
//!
//! ```text
//! "LKIMAGE1" | engine hash (32) | memory pages (u32) | page count (u32)
//!            | per page: number (u32), pieces (u16), per piece: offset (u16), length (u16), bytes XOR the base image's
//!            | SHA-256 of everything before (32)
//! ```

use sha2::{Digest, Sha256};

use crate::{
    error::{ErrorCode, RuntimeError},
    memory::{Mapped, PAGE, Run},
};

const MAGIC: &[u8; 8] = b"LKIMAGE1";
const HEADER: usize = MAGIC.len() + 32 + 4 + 4;
const CHECKSUM: usize = 32;

/// Equal bytes that end a piece: as many as the next piece's head costs.
const PIECE_HEAD: usize = 4;

/// Largest memory an image may describe: what 32-bit addresses reach.
const MAX_PAGES: usize = (4 << 30) / PAGE;

/// Most mappings one image may need in a slot: the kernel limits the mappings of a process, and every one of them
/// makes the reset's scan slower.
const MAX_RUNS: usize = 12;

/// Runs closer than this many pages are melted: 64 KiB of arena cost less than a mapping.
const GAP: usize = 16;

/// What lies below the pages of an image that stands alone.
static ZERO: [u8; PAGE] = [0; PAGE];

/// SHA-256 of an engine: which base image an [`Image`] belongs to.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct EngineHash(pub [u8; 32]);

impl std::fmt::Display for EngineHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl std::fmt::Debug for EngineHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "EngineHash({self})")
    }
}

/// A frozen lambda, relative to its engine's base image.
#[derive(Clone, PartialEq, Eq)]
pub struct Image {
    engine: EngineHash,
    memory_pages: usize,
    /// Sorted numbers of the pages that differ from the base image.
    pages: Vec<u32>,
    /// Their contents XOR the base image's, one after the other.
    difference: Vec<u8>,
}

impl std::fmt::Debug for Image {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Image")
            .field("engine", &self.engine)
            .field("pages", &self.pages.len())
            .finish_non_exhaustive()
    }
}

impl Image {
    /// Copies out of `memory` the pages in `candidates` that differ from `base` (`None`: from zero pages).
    pub(crate) fn capture(
        engine: EngineHash,
        memory: &[u8],
        base: Option<&Mapped>,
        candidates: impl Iterator<Item = usize>,
    ) -> Self {
        // Twice over the pages instead of a buffer that grows: what it outgrew would stay with the process.
        let below = |number: usize| base.and_then(|base| base.page(number)).unwrap_or(&ZERO);
        let page = |number: usize| &memory[number * PAGE..(number + 1) * PAGE];
        let pages: Vec<u32> =
            candidates.filter(|number| page(*number) != below(*number)).map(|number| number as u32).collect();
        let mut difference = Vec::with_capacity(pages.len() * PAGE);
        for number in pages.iter().map(|number| *number as usize) {
            difference.extend(page(number).iter().zip(below(number)).map(|(byte, b)| byte ^ b));
        }
        Self { engine, memory_pages: memory.len() / PAGE, pages, difference }
    }

    /// Length of the image's file.
    pub fn file_len(&self) -> usize {
        let pieces = self.difference.chunks_exact(PAGE).flat_map(pieces);
        let bytes: usize = pieces.map(|(start, end)| PIECE_HEAD + end - start).sum();
        HEADER + 6 * self.pages.len() + bytes + CHECKSUM
    }

    /// The image as a file.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(HEADER + self.difference.len() / 4 + CHECKSUM);
        out.extend_from_slice(MAGIC);
        out.extend_from_slice(&self.engine.0);
        out.extend_from_slice(&(self.memory_pages as u32).to_le_bytes());
        out.extend_from_slice(&(self.pages.len() as u32).to_le_bytes());
        for (number, page) in self.pages.iter().zip(self.difference.chunks_exact(PAGE)) {
            let pieces = pieces(page);
            out.extend_from_slice(&number.to_le_bytes());
            out.extend_from_slice(&(pieces.len() as u16).to_le_bytes());
            for (start, end) in pieces {
                out.extend_from_slice(&(start as u16).to_le_bytes());
                out.extend_from_slice(&((end - start) as u16).to_le_bytes());
                out.extend_from_slice(&page[start..end]);
            }
        }
        let checksum = Sha256::digest(&out);
        out.extend_from_slice(&checksum);
        out
    }

    /// Reads a file written by [`Image::to_bytes`].
    ///
    /// # Errors
    ///
    /// [`ErrorCode::ImageInvalid`] when it is truncated, altered or not an image.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, RuntimeError> {
        Self::parse(bytes).ok_or_else(|| {
            RuntimeError::new(ErrorCode::ImageInvalid, "the image file is damaged or not an image")
                .with_hint("images are made from source: freeze the lambda again")
        })
    }

    fn parse(bytes: &[u8]) -> Option<Self> {
        let (body, checksum) = bytes.split_at_checked(bytes.len().checked_sub(CHECKSUM)?)?;
        let rest = body.strip_prefix(MAGIC)?;
        if Sha256::digest(body).as_slice() != checksum {
            return None;
        }
        let (engine, rest) = rest.split_first_chunk::<32>()?;
        let (memory_pages, rest) = take_u32(rest)?;
        let (count, mut rest) = take_u32(rest)?;
        let (memory_pages, count) = (memory_pages as usize, count as usize);
        // A page's head is six bytes long: a count that cannot be true must not reserve memory.
        if memory_pages > MAX_PAGES || count > memory_pages || count > rest.len() / 6 {
            return None;
        }
        let mut image = Self {
            engine: EngineHash(*engine),
            memory_pages,
            pages: Vec::with_capacity(count),
            difference: vec![0; count * PAGE],
        };
        for page in image.difference.chunks_exact_mut(PAGE) {
            let number;
            (number, rest) = take_u32(rest)?;
            if number as usize >= memory_pages || image.pages.last().is_some_and(|last| *last >= number) {
                return None;
            }
            image.pages.push(number);
            let pieces;
            (pieces, rest) = take_u16(rest)?;
            for _ in 0..pieces {
                let (start, len, bytes);
                (start, rest) = take_u16(rest)?;
                (len, rest) = take_u16(rest)?;
                (bytes, rest) = rest.split_at_checked(len)?;
                page.get_mut(start..)?.get_mut(..len)?.copy_from_slice(bytes);
            }
        }
        rest.is_empty().then_some(image)
    }

    /// The engine whose base image this one continues.
    pub fn engine_hash(&self) -> EngineHash {
        self.engine
    }

    /// Bytes the image takes when it is loaded: the pages it maps over the base image.
    pub fn loaded_bytes(&self) -> usize {
        self.spans().iter().map(|(start, end)| end - start).sum::<usize>() * PAGE
    }

    /// Pages that differ from the base image.
    pub fn pages(&self) -> usize {
        self.pages.len()
    }

    /// Length of the linear memory in bytes.
    pub(crate) fn memory_len(&self) -> usize {
        self.memory_pages * PAGE
    }

    /// Writes the image's own pages over `memory`, which holds the base image.
    pub(crate) fn lay_over(&self, memory: &mut [u8]) {
        for (number, difference) in self.iter() {
            let page = &mut memory[number * PAGE..(number + 1) * PAGE];
            page.iter_mut().zip(difference).for_each(|(byte, d)| *byte ^= d);
        }
    }

    /// The pages that differ: number and difference.
    fn iter(&self) -> impl Iterator<Item = (usize, &[u8])> {
        self.pages.iter().map(|page| *page as usize).zip(self.difference.chunks_exact(PAGE))
    }

    /// The runs of pages to map, as first page and page after the last.
    fn spans(&self) -> Vec<(usize, usize)> {
        let mut spans: Vec<(usize, usize)> = Vec::new();
        for page in self.pages.iter().map(|page| *page as usize) {
            match spans.last_mut() {
                Some((_, end)) if page - *end <= GAP => *end = page + 1,
                _ => spans.push((page, page + 1)),
            }
        }
        if spans.len() > MAX_RUNS {
            let mut gaps: Vec<usize> = spans.windows(2).map(|pair| pair[1].0 - pair[0].1).collect();
            gaps.sort_unstable();
            // As many as needed and no more: equal gaps must not all melt because one of them has to.
            let excess = spans.len() - MAX_RUNS;
            let bridged = gaps[excess - 1];
            let mut equal = gaps[..excess].iter().filter(|gap| **gap == bridged).count();
            let mut melted: Vec<(usize, usize)> = Vec::with_capacity(MAX_RUNS);
            for (start, end) in spans {
                match melted.last_mut() {
                    Some((_, last)) if start - *last < bridged || (start - *last == bridged && equal > 0) => {
                        equal -= usize::from(start - *last == bridged);
                        *last = end;
                    }
                    _ => melted.push((start, end)),
                }
            }
            spans = melted;
        }
        spans
    }

    /// The runs to map over the base image and the pages behind them. Close runs are melted, the pages between
    /// taken from `base`, until there are few enough.
    pub(crate) fn runs(&self, base: Option<&Mapped>) -> (Vec<Run>, Vec<u8>) {
        let spans = self.spans();
        let mut own = self.iter().peekable();
        let mut runs = Vec::with_capacity(spans.len());
        let mut data = Vec::with_capacity(spans.iter().map(|(start, end)| (end - start) * PAGE).sum());
        for (start, end) in spans {
            runs.push(Run { start, count: end - start, arena: data.len() / PAGE });
            for page in start..end {
                let at = data.len();
                match own.next_if(|(number, _)| *number == page) {
                    Some((_, difference)) => data.extend_from_slice(difference),
                    None => data.resize(at + PAGE, 0),
                }
                apply(&mut data[at..], base, page);
            }
        }
        (runs, data)
    }
}

/// XORs a page of the base image (or zeros) into `bytes`.
fn apply(bytes: &mut [u8], base: Option<&Mapped>, page: usize) {
    if let Some(below) = base.and_then(|base| base.page(page)) {
        bytes.iter_mut().zip(below).for_each(|(byte, b)| *byte ^= b);
    }
}

/// The stretches of a page's difference that are not zero; short gaps are bridged.
fn pieces(page: &[u8]) -> Vec<(usize, usize)> {
    let mut pieces: Vec<(usize, usize)> = Vec::new();
    for at in (0..page.len()).filter(|at| page[*at] != 0) {
        match pieces.last_mut() {
            Some((_, end)) if at - *end <= PIECE_HEAD => *end = at + 1,
            _ => pieces.push((at, at + 1)),
        }
    }
    pieces
}

fn take_u16(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let (word, rest) = bytes.split_first_chunk::<2>()?;
    Some((u16::from_le_bytes(*word).into(), rest))
}

fn take_u32(bytes: &[u8]) -> Option<(u32, &[u8])> {
    let (word, rest) = bytes.split_first_chunk::<4>()?;
    Some((u32::from_le_bytes(*word), rest))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn image(pages: &[u32]) -> Image {
        // Sparse, dense and full pages.
        let bytes = |page: u32| {
            (0..PAGE).map(
                move |at| if (at as u32).is_multiple_of(page % 7 + 1) { (page % 251) as u8 + 1 } else { 0 },
            )
        };
        let difference = pages.iter().flat_map(|page| bytes(*page)).collect();
        Image { engine: EngineHash([3; 32]), memory_pages: 4096, pages: pages.to_vec(), difference }
    }

    proptest! {
        #[test]
        fn a_file_reads_back_and_any_damage_is_noticed(
            pages in prop::collection::btree_set(0..4096_u32, 0..40),
            flip in any::<prop::sample::Index>(),
            bit in 0..8,
        ) {
            let image = image(&pages.into_iter().collect::<Vec<_>>());
            let mut bytes = image.to_bytes();
            prop_assert_eq!(bytes.len(), image.file_len());
            prop_assert_eq!(Image::from_bytes(&bytes).unwrap(), image);
            let at = flip.index(bytes.len());
            bytes[at] ^= 1_u8 << bit;
            prop_assert!(Image::from_bytes(&bytes).is_err());
            bytes.truncate(at);
            prop_assert!(Image::from_bytes(&bytes).is_err());
        }

        #[test]
        fn anything_can_be_read_without_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            let _ = Image::from_bytes(&bytes);
            // Past the checksum, too.
            let mut signed = MAGIC.to_vec();
            signed.extend_from_slice(&bytes);
            let sum = Sha256::digest(&signed);
            signed.extend_from_slice(&sum);
            let _ = Image::from_bytes(&signed);
        }

        #[test]
        fn runs_hold_every_page_and_are_few(pages in prop::collection::btree_set(0..4096_u32, 0..200)) {
            let image = image(&pages.iter().copied().collect::<Vec<_>>());
            let (runs, data) = image.runs(None);
            prop_assert!(runs.len() <= MAX_RUNS);
            prop_assert_eq!(runs.iter().map(|r| r.count).sum::<usize>() * PAGE, data.len());
            let mut found = 0;
            for run in &runs {
                for i in 0..run.count {
                    let page = (run.start + i) as u32;
                    let want = if pages.contains(&page) { found += 1; (page % 251) as u8 + 1 } else { 0 };
                    let at = (run.arena + i) * PAGE;
                    prop_assert_eq!(data[at], want, "page {}", page);
                }
            }
            prop_assert_eq!(found, pages.len());
        }
    }
}

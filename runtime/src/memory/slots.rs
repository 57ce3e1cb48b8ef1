//! The slots linear memories live in: reserve, map an image, hand out, put back.
//!
//! Life of a slot: unused -> warm (mapped for one image, clean) <-> in use. A slot stays with its image, so that
//! in the steady state a thaw maps nothing and faults on nothing: the pages an invocation writes are private
//! already, and restoring them is a copy. A slot is remapped only when the image goes away or when every slot is
//! warm for somebody else.

use std::{
    io,
    ops::Range,
    ptr,
    sync::{
        Arc, Weak,
        atomic::{AtomicUsize, Ordering},
    },
};

use parking_lot::Mutex;
use rustix::mm::{Advice, MapFlags, MprotectFlags, ProtFlags};

use super::{
    arena::{Arena, Extent},
    faults::{self, FaultMark},
    layout::{Layout, PAGE, Run, Source},
    pagemap::PageMap,
};

/// Address space of one slot that a 32-bit index can reach, plus what compiled code may reach beyond it.
pub(super) const RESERVATION: usize = 4 << 30;
pub(super) const GUARD: usize = 32 << 20;
const STRIDE: usize = RESERVATION + GUARD;

/// What one page table maps. Slots begin at a multiple of it, so that the few hundred pages an image touches share
/// as few tables as possible: the reset's scan walks whole tables.
const TABLE_SPAN: usize = 2 << 20;

/// Address space of a slot and of the guard behind it: what wasmtime may rely on when it leaves out bounds checks.
pub(crate) const fn slot_layout() -> (usize, usize) {
    (RESERVATION, GUARD)
}

/// Dirty pages that are restored by copying. What an invocation dirtied beyond is given back to the kernel, so
/// that a warm slot does not hold on to a peak.
const KEEP_PAGES: usize = 1024;

/// How dirtied pages are restored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reset {
    /// Find the dirty pages with `PAGEMAP_SCAN` and copy them back: no page fault in the steady state.
    Scan,
    /// Give all private pages back with `madvise`: slower, works on every kernel.
    Discard,
}

/// A slot mapped for an image.
#[derive(Debug)]
pub(super) struct Slot {
    pub(super) index: usize,
    /// Every page of the image's that is private by now, in runs; `None` before anyone has looked.
    pub(super) private: Option<Vec<Range<usize>>>,
}

/// A reservation cut into slots, and who has which.
#[derive(Debug)]
pub(crate) struct Pool {
    /// The whole mapping.
    reservation: (*mut u8, usize),
    /// The first slot.
    base: *mut u8,
    count: usize,
    arena: Arena,
    pagemap: Option<PageMap>,
    /// Whether a thread's count of page faults tells that it caused none.
    counts_faults: bool,
    /// Slots from here on were never used.
    unused: AtomicUsize,
    /// Used before, mapped for nobody.
    blank: Mutex<Vec<usize>>,
    /// Still mapped for somebody, because the kernel would not unmap them: tried again before they are used.
    stuck: Mutex<Vec<usize>>,
    /// Where the next search for a slot to take over begins.
    victim: AtomicUsize,
    /// Every image that may hold warm slots.
    images: Mutex<Vec<Weak<Mapped>>>,
}

// SAFETY: `base` is a reservation that lives as long as the pool; a slot's memory is touched only by whoever
// holds its index, and an index is in exactly one place at a time.
unsafe impl Send for Pool {}
// SAFETY: as above.
unsafe impl Sync for Pool {}

/// An image in the arena, ready to be mapped, with the slots that are warm for it.
#[derive(Debug)]
pub(crate) struct Mapped {
    pool: Arc<Pool>,
    layout: Layout,
    /// What the image owns of the arena.
    extent: Extent,
    /// The image whose pages show where this one has none of its own.
    below: Option<Arc<Mapped>>,
    warm: Mutex<Vec<Slot>>,
}

impl Pool {
    /// Reserves `count` slots. Nothing is mapped yet.
    pub(crate) fn new(count: usize, reset: Option<Reset>) -> io::Result<(Arc<Self>, Option<String>)> {
        if rustix::param::page_size() != PAGE {
            return Err(io::Error::other(format!(
                "this build supports {PAGE} byte pages and the system has {} byte pages",
                rustix::param::page_size()
            )));
        }
        let (pagemap, warning) = match reset {
            Some(Reset::Discard) => (None, None),
            Some(Reset::Scan) => (Some(PageMap::open()?), None),
            None => match PageMap::open() {
                Ok(map) => (Some(map), None),
                Err(e) => (
                    None,
                    Some(format!(
                        "PAGEMAP_SCAN is not available ({e}): memory is reset with madvise, which costs tens of \
                         microseconds per invocation; Linux 6.7 or newer has it"
                    )),
                ),
            },
        };
        // Where a scan is possible the kernel is new enough for what `faults.rs` says of its counts.
        let counts_faults = pagemap.is_some() && faults::are_counted();
        let len = count * STRIDE + TABLE_SPAN;
        let flags = MapFlags::PRIVATE | MapFlags::NORESERVE;
        // SAFETY: a fresh mapping without access at an address of the kernel's choice.
        let base = unsafe { rustix::mm::mmap_anonymous(ptr::null_mut(), len, ProtFlags::empty(), flags)? };
        // Copy-on-write in units of 2 MiB would be a disaster here.
        // SAFETY: advice on the mapping just made.
        let _ = unsafe { rustix::mm::madvise(base, len, Advice::LinuxNoHugepage) };
        let reservation = (base.cast::<u8>(), len);
        let pool = Self {
            reservation,
            base: base.cast::<u8>().wrapping_add(base.align_offset(TABLE_SPAN)),
            count,
            arena: Arena::new()?,
            pagemap,
            counts_faults,
            unused: AtomicUsize::new(0),
            blank: Mutex::default(),
            stuck: Mutex::default(),
            victim: AtomicUsize::new(0),
            images: Mutex::default(),
        };
        Ok((Arc::new(pool), warning))
    }

    /// How memories are restored here.
    pub(crate) fn reset(&self) -> Reset {
        if self.pagemap.is_some() { Reset::Scan } else { Reset::Discard }
    }

    /// Puts an image into the arena: `below` (or zero pages) with `runs` of `pages` on top. A run's `arena` field
    /// counts from the beginning of `pages`.
    pub(crate) fn load(
        self: &Arc<Self>,
        below: Option<&Arc<Mapped>>,
        memory_pages: usize,
        runs: &[Run],
        pages: &[u8],
    ) -> io::Result<Arc<Mapped>> {
        let extent = self.arena.store(pages)?;
        let runs: Vec<_> = runs.iter().map(|run| Run { arena: run.arena + extent.start, ..*run }).collect();
        let bottom = Layout::zero(memory_pages);
        let image = Arc::new(Mapped {
            pool: Arc::clone(self),
            layout: below.map_or(&bottom, |image| &image.layout).overlay(memory_pages, &runs),
            extent,
            below: below.map(Arc::clone),
            warm: Mutex::default(),
        });
        let mut images = self.images.lock();
        images.retain(|image| image.strong_count() > 0);
        images.push(Arc::downgrade(&image));
        Ok(image)
    }

    /// A clean slot mapped for `image`; `None` when every slot is in use.
    fn take(&self, image: &Arc<Mapped>) -> io::Result<Option<Slot>> {
        if let Some(slot) = image.warm.lock().pop() {
            return Ok(Some(slot));
        }
        let Some(slot) = self.blank_slot() else { return Ok(None) };
        if let Err(e) = self.map(slot, &image.layout) {
            // Half of it may be mapped already.
            self.retire(slot);
            return Err(e);
        }
        Ok(Some(Slot { index: slot, private: None }))
    }

    fn blank_slot(&self) -> Option<usize> {
        if let Some(slot) = self.blank.lock().pop() {
            return Some(slot);
        }
        let fresh = self
            .unused
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |n| (n < self.count).then_some(n + 1));
        if let Ok(slot) = fresh {
            return Some(slot);
        }
        if let Some(slot) = self.stuck.lock().pop() {
            self.retire(slot);
        }
        // Everything is mapped for somebody: take the slot of an image that has one to spare, another one each time.
        // An image that goes away meanwhile adds its slots to `blank`; its `Arc` must not be dropped under the lock.
        let holders: Vec<_> = self.images.lock().iter().filter_map(Weak::upgrade).collect();
        let start = self.victim.fetch_add(1, Ordering::Relaxed) % holders.len().max(1);
        let mut order = holders[start..].iter().chain(&holders[..start]);
        if let Some(slot) = order.find_map(|image| image.warm.lock().pop()) {
            self.retire(slot.index);
        }
        drop(holders);
        self.blank.lock().pop()
    }

    /// Makes a slot blank; one that cannot be unmapped now is kept aside.
    fn retire(&self, slot: usize) {
        match self.unmap(slot) {
            Ok(()) => self.blank.lock().push(slot),
            Err(e) => {
                tracing::error!(error = %e, "a memory slot cannot be unmapped; is vm.max_map_count too low?");
                self.stuck.lock().push(slot);
            }
        }
    }

    pub(super) fn address(&self, slot: usize) -> *mut u8 {
        debug_assert!(slot < self.count);
        // SAFETY: the slot lies inside the reservation.
        unsafe { self.base.add(slot * STRIDE) }
    }

    /// The pages written since the image was mapped, as page numbers from `start`, or all of them where the
    /// kernel cannot tell.
    pub(crate) fn written(&self, start: *const u8, len: usize) -> io::Result<Vec<usize>> {
        let Some(pagemap) = &self.pagemap else {
            return Ok((0..len / PAGE).collect());
        };
        let start = start as usize;
        let mut pages = Vec::new();
        pagemap.written(start, start + len, usize::MAX, |from, to| {
            pages.extend((from - start) / PAGE..(to - start) / PAGE);
        })?;
        Ok(pages)
    }

    /// Maps the whole of `layout` into a slot.
    fn map(&self, slot: usize, layout: &Layout) -> io::Result<()> {
        let base = self.address(slot);
        let access = ProtFlags::READ | ProtFlags::WRITE;
        let flags = MapFlags::PRIVATE | MapFlags::FIXED | MapFlags::NORESERVE;
        for segment in layout.segments() {
            let len = (segment.end - segment.start) * PAGE;
            // SAFETY: replaces a part of the slot, whose index the caller holds.
            unsafe {
                let at = base.add(segment.start * PAGE).cast();
                match segment.source {
                    Source::Zero => rustix::mm::mmap_anonymous(at, len, access, flags)?,
                    Source::Arena(page) => {
                        rustix::mm::mmap(at, len, access, flags, self.arena.file(), (page * PAGE) as u64)?
                    }
                };
            }
        }
        // Not only advice: without it `khugepaged` may make pages private that no thread here faulted on (`faults.rs`).
        // SAFETY: the part of the slot just mapped.
        match unsafe { rustix::mm::madvise(base.cast(), layout.pages() * PAGE, Advice::LinuxNoHugepage) } {
            // A kernel without huge pages does not know the advice.
            Ok(()) | Err(rustix::io::Errno::INVAL) => Ok(()),
            Err(e) => Err(e.into()),
        }
    }

    /// Makes `old..new` bytes of a slot accessible: the memory grows.
    pub(super) fn allow(&self, slot: &Slot, old: usize, new: usize) -> io::Result<()> {
        // SAFETY: inside the slot, whose index the caller holds.
        unsafe {
            let at = self.address(slot.index).add(old).cast();
            rustix::mm::mprotect(at, new - old, MprotectFlags::READ | MprotectFlags::WRITE)?;
        }
        Ok(())
    }

    /// Makes a whole slot inaccessible and gives back its memory.
    fn unmap(&self, slot: usize) -> io::Result<()> {
        self.forbid(slot, 0..RESERVATION)
    }

    /// Makes a range of a slot inaccessible and gives back its memory.
    fn forbid(&self, slot: usize, range: Range<usize>) -> io::Result<()> {
        if range.is_empty() {
            return Ok(());
        }
        // The pages go first: freeing them inside `mmap` would keep every other mapping call of the process waiting.
        // SAFETY: private pages of a part of the slot, whose index the caller holds.
        let _ = unsafe {
            rustix::mm::madvise(
                self.address(slot).add(range.start).cast(),
                range.len(),
                Advice::LinuxDontNeed,
            )
        };
        let flags = MapFlags::PRIVATE | MapFlags::FIXED | MapFlags::NORESERVE;
        // SAFETY: replaces a part of the slot, whose index the caller holds.
        unsafe {
            let at = self.address(slot).add(range.start).cast();
            rustix::mm::mmap_anonymous(at, range.len(), ProtFlags::empty(), flags)?;
        }
        Ok(())
    }

    /// Puts a slot's memory, `size` bytes long by now, back into the image's state. `is_unfaulted`: no page of it became
    /// private since it was last restored.
    fn restore(
        &self,
        slot: &mut Slot,
        layout: &Layout,
        size: usize,
        is_unfaulted: bool,
    ) -> io::Result<usize> {
        let len = layout.pages() * PAGE;
        self.forbid(slot.index, len..size)?;
        let base = self.address(slot.index);
        let grown = size.saturating_sub(len) / PAGE;
        if let Some(private) = slot.private.as_ref().filter(|_| is_unfaulted) {
            for pages in private {
                self.copy_back(base, layout, pages.clone());
            }
            return Ok(grown + private.iter().map(Range::len).sum::<usize>());
        }
        let start = base as usize;
        let mut private = slot.private.take().unwrap_or_default();
        private.clear();
        let mut clean_to = start;
        if let Some(pagemap) = &self.pagemap {
            clean_to = pagemap.written(start, start + len, KEEP_PAGES, |from, to| {
                let pages = (from - start) / PAGE..(to - start) / PAGE;
                self.copy_back(base, layout, pages.clone());
                private.push(pages);
            })?;
        }
        let rest = start + len - clean_to;
        if rest > 0 {
            // SAFETY: inside the slot; private pages go, the mapping below shows again.
            unsafe {
                let at = base.add(clean_to - start).cast();
                rustix::mm::madvise(at, rest, Advice::LinuxDontNeed)?;
            }
        }
        let dirty = grown + private.iter().map(Range::len).sum::<usize>();
        slot.private = Some(private);
        Ok(dirty)
    }

    /// Copies the image's pages over a range of pages of a slot.
    fn copy_back(&self, base: *mut u8, layout: &Layout, pages: Range<usize>) {
        let segments = layout.segments();
        let mut index = layout.segment_at(pages.start);
        let mut page = pages.start;
        while page < pages.end && index < segments.len() {
            let segment = segments[index];
            let end = segment.end.min(pages.end);
            // SAFETY: the target is inside the slot, which nobody else uses now; the source is an extent of the
            // arena that the image (or the base image below it) keeps alive. They are different mappings.
            unsafe {
                let target = base.add(page * PAGE);
                match segment.source_at(page) {
                    Source::Zero => ptr::write_bytes(target, 0, (end - page) * PAGE),
                    Source::Arena(from) => {
                        ptr::copy_nonoverlapping(
                            self.arena.pages(from, end - page),
                            target,
                            (end - page) * PAGE,
                        );
                    }
                }
            }
            page = end;
            index += 1;
        }
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        // SAFETY: every memory holds its image and every image holds the pool, so no slot is in use.
        let _ = unsafe { rustix::mm::munmap(self.reservation.0.cast(), self.reservation.1) };
    }
}

impl Mapped {
    /// The pool its slots are from.
    pub(super) fn pool(&self) -> &Pool {
        &self.pool
    }

    /// A clean slot mapped for this image; `None` when every slot is in use.
    pub(super) fn take(self: &Arc<Self>) -> io::Result<Option<Slot>> {
        self.pool.take(self)
    }

    /// Gives a slot back that was not written to.
    pub(super) fn give(&self, slot: Slot) {
        self.warm.lock().push(slot);
    }

    /// The calling thread before it takes a slot, to be looked at again before it gives the slot back; `None` where
    /// that tells nothing.
    pub(crate) fn fault_mark(&self) -> Option<FaultMark> {
        if self.pool.counts_faults { FaultMark::latest() } else { None }
    }

    /// Gives a slot back whose memory, `size` bytes long by now, was in use. `is_unfaulted`: no page of it became
    /// private meanwhile. Returns how many pages were dirty.
    pub(super) fn restore(&self, mut slot: Slot, size: usize, is_unfaulted: bool) -> usize {
        match self.pool.restore(&mut slot, &self.layout, size, is_unfaulted) {
            Ok(dirty) => {
                self.give(slot);
                dirty
            }
            // A slot that may not be clean is never used again as it is.
            Err(e) => {
                tracing::warn!(error = %e, "a memory slot is mapped anew because it could not be reset");
                self.pool.retire(slot.index);
                0
            }
        }
    }

    /// Bytes of the arena the image takes, its base not counted.
    pub(crate) fn own_bytes(&self) -> usize {
        self.extent.count * PAGE
    }

    /// Length of the memory in pages.
    pub(crate) fn pages(&self) -> usize {
        self.layout.pages()
    }

    /// The image's contents of one page; `None` for a zero page or one beyond its end.
    pub(crate) fn page(&self, page: usize) -> Option<&[u8]> {
        let segment = self.layout.segments().get(self.layout.segment_at(page))?;
        match segment.source_at(page) {
            Source::Zero => None,
            Source::Arena(at) => {
                // SAFETY: the extent is owned by this image or one it keeps alive, and was written before either
                // was made.
                let bytes = unsafe { std::slice::from_raw_parts(self.pool.arena.pages(at, 1), PAGE) };
                Some(bytes)
            }
        }
    }
}

impl Drop for Mapped {
    fn drop(&mut self) {
        let slots = std::mem::take(self.warm.get_mut());
        for slot in slots {
            self.pool.retire(slot.index);
        }
        self.pool.arena.free(self.extent);
        // Only now may the pages below go.
        self.below = None;
    }
}

#[cfg(test)]
#[path = "slots_tests.rs"]
mod tests;

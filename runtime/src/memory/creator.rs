//! wasmtime's side of a slot: the memory creator it asks, and the memory it gets.

use std::{cell::Cell, io, sync::Arc};

use wasmtime::{LinearMemory, MemoryCreator, MemoryType};

use super::{
    faults::FaultMark,
    layout::PAGE,
    slots::{GUARD, Mapped, RESERVATION, Slot},
};

/// What the last memory dropped on this thread had dirtied.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct LastReset {
    pub(crate) dirty_pages: usize,
}

thread_local! {
    /// The slot the next memory creation on this thread receives: wasmtime's callback has no argument for it.
    static PREPARED: Cell<Option<Prepared>> = const { Cell::new(None) };
    static LAST_RESET: Cell<LastReset> = const { Cell::new(LastReset { dirty_pages: 0 }) };
    /// The memory that is being dropped and is known to have no more private pages than it was handed out with.
    static UNFAULTED: Cell<*const u8> = const { Cell::new(std::ptr::null()) };
}

/// A slot taken for an instance that is about to be created.
#[derive(Debug)]
struct Prepared {
    image: Arc<Mapped>,
    slot: Option<Slot>,
}

impl Drop for Prepared {
    fn drop(&mut self) {
        // The instance was never created: the slot is still clean.
        if let Some(slot) = self.slot.take() {
            self.image.give(slot);
        }
    }
}

/// Reads what the memory dropped last on this thread had dirtied.
pub(crate) fn last_reset() -> LastReset {
    LAST_RESET.get()
}

/// Runs `drop`, which drops the memory at `memory`. `home` is a mark from before [`Mapped::prepare`], of the thread that
/// made every write to the memory there was: if that is this one and it has seen no fault since, no page of the memory
/// became private, and nobody has to look.
pub(crate) fn dropping<T>(memory: *const u8, home: Option<FaultMark>, drop: impl FnOnce() -> T) -> T {
    /// In case it was not dropped: what is true now is not true later.
    struct Over;
    impl Drop for Over {
        fn drop(&mut self) {
            UNFAULTED.set(std::ptr::null());
        }
    }
    let _over = Over;
    if home.is_some_and(|home| home.is_unfaulted()) {
        UNFAULTED.set(memory);
    }
    drop()
}

impl Mapped {
    /// Takes a slot for the next instance this thread creates. `Ok(false)` when every slot is in use.
    pub(crate) fn prepare(self: &Arc<Self>) -> io::Result<bool> {
        let Some(slot) = self.take()? else { return Ok(false) };
        PREPARED.set(Some(Prepared { image: Arc::clone(self), slot: Some(slot) }));
        Ok(true)
    }
}

/// What wasmtime asks for memories.
#[derive(Debug)]
pub(crate) struct SlotCreator;

// SAFETY: the memory is a slot of `RESERVATION` bytes followed by `GUARD` inaccessible bytes, both checked against
// what wasmtime asks for, and nobody else touches it until it is dropped. It is not zero-filled but holds the
// image: the module that defines it has no data segments, so the image takes the place of their contents.
unsafe impl MemoryCreator for SlotCreator {
    fn new_memory(
        &self,
        _ty: MemoryType,
        minimum: usize,
        _maximum: Option<usize>,
        reserved: Option<usize>,
        guard: usize,
    ) -> Result<Box<dyn LinearMemory>, String> {
        if reserved.is_none_or(|r| r > RESERVATION) || guard > GUARD {
            return Err("the engine's memory does not fit a slot".to_owned());
        }
        let mut prepared = PREPARED.take().ok_or("no slot was prepared for this instance")?;
        let size = prepared.image.pages() * PAGE;
        if size < minimum {
            return Err("the image is smaller than the engine's memory".to_owned());
        }
        let slot = prepared.slot.take().ok_or("the slot was taken already")?;
        Ok(Box::new(SlotMemory { image: Arc::clone(&prepared.image), slot, size }))
    }
}

/// A slot in use by one instance.
#[derive(Debug)]
struct SlotMemory {
    image: Arc<Mapped>,
    slot: Slot,
    size: usize,
}

// SAFETY: the base address never changes, `byte_size` bytes from it are accessible and the rest of the
// reservation traps.
unsafe impl LinearMemory for SlotMemory {
    fn byte_size(&self) -> usize {
        self.size
    }

    fn byte_capacity(&self) -> usize {
        RESERVATION
    }

    fn grow_to(&mut self, new_size: usize) -> wasmtime::Result<()> {
        if new_size > RESERVATION {
            return Err(io::Error::other("beyond the reservation").into());
        }
        if new_size > self.size {
            self.image.pool().allow(&self.slot, self.size, new_size)?;
            self.size = new_size;
        }
        Ok(())
    }

    fn as_ptr(&self) -> *mut u8 {
        self.image.pool().address(self.slot.index)
    }
}

impl Drop for SlotMemory {
    fn drop(&mut self) {
        let is_unfaulted = UNFAULTED.replace(std::ptr::null()) == self.as_ptr().cast_const();
        let slot = Slot { index: self.slot.index, private: self.slot.private.take() };
        let dirty_pages = self.image.restore(slot, self.size, is_unfaulted);
        LAST_RESET.set(LastReset { dirty_pages });
    }
}

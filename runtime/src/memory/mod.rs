//! Linear memories that are already in the state a lambda was frozen in.
//!
//! This is the heart of thawing and the only place with memory mappings. wasmtime asks for a linear memory
//! through its `MemoryCreator`; what it gets is a slot of a large reservation in which the pages of the image
//! are mapped copy-on-write. When the instance is gone, the pages it dirtied are put back and the slot waits,
//! warm, for the next invocation of the same lambda.
//!
//! Why not wasmtime's pooling allocator: it maps one whole image per module. Here all lambdas share the base
//! image's pages and each adds only the pages in which it differs, so a lambda costs kilobytes in memory and on
//! disk, and there is nothing to compile per lambda. And its reset skips pages that are swapped out or under
//! migration when it looks (see [`pagemap`]), which would hand one tenant's page to another.

mod arena;
mod creator;
mod faults;
mod layout;
mod pagemap;
mod slots;
mod small_pages;
mod stacks;

pub(crate) use creator::{SlotCreator, dropping, last_reset};
pub(crate) use faults::FaultMark;
pub(crate) use layout::{PAGE, Run};
pub use slots::Reset;
pub(crate) use slots::{Mapped, Pool, slot_layout};
pub use small_pages::disable_huge_pages;
pub(crate) use stacks::StackPool;

//! Entity bodies: JSON with all origins, packed in blocks.
//!
//! Idea: scoring never reads a body; showing a hit reads one. Bodies of neighbouring entities share a block of some 16 kB, so
//! that they pack well and unpacking one costs little.

use crate::error::Corrupt;
use crate::layout::BlockRow;

/// Unpacked size at which a block is closed; a body larger than this has a block of its own.
const BLOCK_BYTES: usize = 16 * 1024;

/// Largest unpacked block that is read: a bound against altered files.
const MAX_BLOCK_BYTES: usize = 64 * 1024 * 1024;

/// zstd level: 6 packs nearly as well as 9 and builds three times faster.
const LEVEL: i32 = 6;

/// Packs bodies one after another.
#[derive(Debug, Default)]
pub(crate) struct Packer {
    pub(crate) blocks: Vec<BlockRow>,
    pub(crate) bytes: Vec<u8>,
    open: Vec<u8>,
}

impl Packer {
    /// Appends a body; returns block, offset in the unpacked block, and length.
    pub(crate) fn push(&mut self, body: &[u8]) -> std::io::Result<(u32, u32, u32)> {
        if !self.open.is_empty() && self.open.len() + body.len() > BLOCK_BYTES {
            self.close()?;
        }
        let at = self.open.len() as u32;
        self.open.extend_from_slice(body);
        Ok((self.blocks.len() as u32, at, body.len() as u32))
    }

    /// Packs what is still open.
    pub(crate) fn close(&mut self) -> std::io::Result<()> {
        if self.open.is_empty() {
            return Ok(());
        }
        let packed = zstd::bulk::compress(&self.open, LEVEL)?;
        self.blocks.push(BlockRow {
            at: (self.bytes.len() as u64).into(),
            len: (packed.len() as u32).into(),
            unpacked_len: (self.open.len() as u32).into(),
        });
        self.bytes.extend_from_slice(&packed);
        self.open.clear();
        Ok(())
    }
}

/// Unpacks a block.
pub(crate) fn unpack(block: &BlockRow, bytes: &[u8], row: u64) -> Result<Vec<u8>, Corrupt> {
    let corrupt = Corrupt { section: "bodies", row };
    let start = usize::try_from(block.at.get()).map_err(|_| corrupt)?;
    let end = start.checked_add(block.len.get() as usize).ok_or(corrupt)?;
    let unpacked_len = block.unpacked_len.get() as usize;
    if unpacked_len > MAX_BLOCK_BYTES {
        return Err(corrupt);
    }
    let packed = bytes.get(start..end).ok_or(corrupt)?;
    let unpacked = zstd::bulk::decompress(packed, unpacked_len).map_err(|_| corrupt)?;
    if unpacked.len() == unpacked_len { Ok(unpacked) } else { Err(corrupt) }
}

//! The tensors of a safetensors file, read by position: what is large stays in the file.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use half::{bf16, f16};
use safetensors::tensor::{Dtype, Metadata};

use super::EmbedError;

/// Before the header stands its length.
const LENGTH: usize = 8;
/// No header of a model of this kind is longer.
const LONGEST_HEADER: u64 = 16 << 20;
/// What some files say before the names of all tensors.
const PREFIXES: [&str; 3] = ["", "bert.", "model."];

/// An open file of tensors.
pub struct Tensors {
    file: File,
    path: PathBuf,
    metadata: Metadata,
    /// Where the data begins.
    begin: u64,
}

/// A matrix that stays in the file; its rows are read when they are wanted.
pub struct Rows {
    file: File,
    path: PathBuf,
    at: u64,
    dtype: Dtype,
    rows: usize,
    columns: usize,
}

impl Tensors {
    /// Opens a file and reads what it says is in it.
    pub fn open(path: &Path) -> Result<Self, EmbedError> {
        let failed = |source| EmbedError::Io {
            path: path.to_owned(),
            source,
        };
        let damaged = |detail: String| EmbedError::Damaged {
            path: path.to_owned(),
            detail,
        };
        let file = File::open(path).map_err(failed)?;
        let size = file.metadata().map_err(failed)?.len();
        let mut length = [0; LENGTH];
        file.read_exact_at(&mut length, 0).map_err(failed)?;
        let header = u64::from_le_bytes(length);
        if header > LONGEST_HEADER || header + LENGTH as u64 > size {
            return Err(damaged("its header is longer than it can be".to_owned()));
        }
        let mut text = vec![0; usize::try_from(header).unwrap_or_default()];
        file.read_exact_at(&mut text, LENGTH as u64)
            .map_err(failed)?;
        let metadata: Metadata =
            serde_json::from_slice(&text).map_err(|error| damaged(error.to_string()))?;
        let begin = LENGTH as u64 + header;
        let end = metadata
            .tensors()
            .values()
            .map(|info| info.data_offsets.1 as u64)
            .max();
        if end.unwrap_or(0).checked_add(begin) != Some(size) {
            return Err(damaged("it is cut off".to_owned()));
        }
        Ok(Self {
            file,
            path: path.to_owned(),
            metadata,
            begin,
        })
    }

    /// A tensor's numbers, which must have a shape.
    pub fn values(&self, name: &str, shape: &[usize]) -> Result<Vec<f32>, EmbedError> {
        let (at, dtype) = self.place(name, shape)?;
        let count: usize = shape.iter().product();
        read(&self.file, &self.path, at, dtype, count)
    }

    /// A matrix that stays in the file.
    pub fn rows(&self, name: &str, rows: usize, columns: usize) -> Result<Rows, EmbedError> {
        let (at, dtype) = self.place(name, &[rows, columns])?;
        let file = self.file.try_clone().map_err(|source| EmbedError::Io {
            path: self.path.clone(),
            source,
        })?;
        Ok(Rows {
            file,
            path: self.path.clone(),
            at,
            dtype,
            rows,
            columns,
        })
    }

    /// Where a tensor stands, and of what it is made.
    fn place(&self, name: &str, shape: &[usize]) -> Result<(u64, Dtype), EmbedError> {
        let mut names = PREFIXES.iter().map(|prefix| format!("{prefix}{name}"));
        let info = names.find_map(|name| self.metadata.info(&name));
        let wrong = |found: &[usize]| EmbedError::Shape {
            name: name.to_owned(),
            wanted: shape.to_vec(),
            found: found.to_vec(),
        };
        let info = info.ok_or_else(|| wrong(&[]))?;
        if info.shape != shape {
            return Err(wrong(&info.shape));
        }
        let Some(width) = width(info.dtype) else {
            return Err(EmbedError::Unsupported {
                part: "dtype",
                name: format!("{:?}", info.dtype),
            });
        };
        let (begin, end) = info.data_offsets;
        let bytes = shape.iter().product::<usize>().checked_mul(width);
        if end.checked_sub(begin) != bytes {
            return Err(EmbedError::Damaged {
                path: self.path.clone(),
                detail: format!("the tensor {name} has another length than its shape"),
            });
        }
        Ok((self.begin + info.data_offsets.0 as u64, info.dtype))
    }
}

impl Rows {
    /// Adds a row to some numbers.
    pub fn add(&self, row: u32, to: &mut [f32]) -> Result<(), EmbedError> {
        let row = (row as usize).min(self.rows.saturating_sub(1));
        let bytes = self.columns * width(self.dtype).unwrap_or_default();
        let at = self.at + (row * bytes) as u64;
        let values = read(&self.file, &self.path, at, self.dtype, self.columns)?;
        for (to, value) in to.iter_mut().zip(values) {
            *to += value;
        }
        Ok(())
    }
}

/// Bytes of a number.
fn width(dtype: Dtype) -> Option<usize> {
    match dtype {
        Dtype::F32 => Some(4),
        Dtype::F16 | Dtype::BF16 => Some(2),
        // The list is the library's, and longer with each of its versions.
        _ => None,
    }
}

fn read(
    file: &File,
    path: &Path,
    at: u64,
    dtype: Dtype,
    count: usize,
) -> Result<Vec<f32>, EmbedError> {
    let width = width(dtype).unwrap_or_default();
    let mut bytes = vec![0; count * width];
    file.read_exact_at(&mut bytes, at)
        .map_err(|source: io::Error| EmbedError::Io {
            path: path.to_owned(),
            source,
        })?;
    let two = |of: fn(u16) -> f32| {
        let pairs = bytes.as_chunks::<2>().0;
        pairs.iter().map(move |pair| of(u16::from_le_bytes(*pair)))
    };
    Ok(match dtype {
        Dtype::F16 => two(|bits| f16::from_bits(bits).to_f32()).collect(),
        Dtype::BF16 => two(|bits| bf16::from_bits(bits).to_f32()).collect(),
        _ => {
            let fours = bytes.as_chunks::<4>().0;
            fours.iter().map(|four| f32::from_le_bytes(*four)).collect()
        }
    })
}

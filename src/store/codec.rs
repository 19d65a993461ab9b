//! Numbers and texts as few bytes: seven bits of a number to a byte, the lowest first.

/// Appends a number.
pub(super) fn put(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

/// Appends bytes with their length before them.
pub(super) fn put_bytes(out: &mut Vec<u8>, bytes: &[u8]) {
    put(out, bytes.len() as u64);
    out.extend_from_slice(bytes);
}

/// Reads what was put, in the same order.
pub(super) struct Reader<'a>(pub(super) &'a [u8]);

impl<'a> Reader<'a> {
    /// The next number; `None` at the end or when it is no number.
    pub(super) fn take(&mut self) -> Option<u64> {
        let mut value = 0u64;
        for shift in (0..64).step_by(7) {
            let (byte, rest) = self.0.split_first()?;
            self.0 = rest;
            value |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Some(value);
            }
        }
        None
    }

    /// The next number, of 32 bits.
    pub(super) fn take_u32(&mut self) -> Option<u32> {
        self.take()?.try_into().ok()
    }

    /// The next bytes.
    pub(super) fn take_bytes(&mut self) -> Option<&'a [u8]> {
        let len = usize::try_from(self.take()?).ok()?;
        let (bytes, rest) = self.0.split_at_checked(len)?;
        self.0 = rest;
        Some(bytes)
    }

    /// The next text.
    pub(super) fn take_text(&mut self) -> Option<String> {
        String::from_utf8(self.take_bytes()?.to_vec()).ok()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_put_is_taken(numbers: Vec<u64>, text: String) {
            let mut out = Vec::new();
            for number in &numbers {
                put(&mut out, *number);
            }
            put_bytes(&mut out, text.as_bytes());
            let mut reader = Reader(&out);
            for number in &numbers {
                prop_assert_eq!(reader.take(), Some(*number));
            }
            prop_assert_eq!(reader.take_text(), Some(text));
            prop_assert_eq!(reader.take(), None);
        }

        #[test]
        fn rubbish_is_no_panic(bytes: Vec<u8>) {
            let mut reader = Reader(&bytes);
            while reader.take_bytes().is_some() {}
        }
    }
}

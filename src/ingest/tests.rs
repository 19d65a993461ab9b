//! Documents of the family, and broken ones.

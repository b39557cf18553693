//! The one integration binary of the crate: judged cases as data, and the properties that the crate promises.
mod cases;
mod properties;
mod speed;

//! A made-up province in the real shape of Đắk Nông, from a seed and a size.

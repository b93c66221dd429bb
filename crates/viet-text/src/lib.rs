//! Vietnamese text: normal forms, folding, account names, file names, sorting.

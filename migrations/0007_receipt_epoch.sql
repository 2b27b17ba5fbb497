-- A receipt's signature covers the epoch of its call, so the row holds it: without it nobody could check the signature.
ALTER TABLE receipts ADD COLUMN epoch integer;

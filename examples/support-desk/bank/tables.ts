/** The tables of the bank, and how a record becomes a row. */

/** Every table. `receipts.key` is what makes a repeated refund one refund. */
export const tables = `
create table customers (
  id text primary key, name text not null, email text not null, street text not null, postcode text not null,
  city text not null, country text not null, since text not null, identity text not null
) strict;
create table cards (id text primary key, customer text not null references customers, record text not null) strict;
create index cards_of on cards (customer);
create table entries (
  id text primary key, customer text not null references customers, at text not null, record text not null
) strict;
create index entries_of on entries (customer, at);
create table receipts (
  key text primary key, id text not null unique, customer text not null references customers, record text not null
) strict;
create table refunded (payment text primary key, receipt text not null references receipts (id)) strict;
create table address_changes (
  key text primary key, customer text not null references customers, address text not null, status text not null
) strict;
`

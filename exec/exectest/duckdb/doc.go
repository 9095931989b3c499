// Package duckdb compares segq with DuckDB: random queries over random profiles,
// each written once in PQL and once in SQL. It is a module of its own, because
// DuckDB needs cgo and the product does not.
package duckdb

import _ "github.com/duckdb/duckdb-go/v2" // the peer

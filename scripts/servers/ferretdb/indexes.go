package main

import (
	"context"
	"database/sql"
	"fmt"
	"log"
	"net/url"
	"path/filepath"
	"time"

	_ "modernc.org/sqlite"
)

// FerretDB 1.24 looks documents up by an expression for which its own index of _id does not serve, so
// that each update reads the whole collection. This makes the index that does, soon after a collection
// is made.
const (
	byID       = "_ferretdb_sjson->'$._id'"
	indexEvery = 500 * time.Millisecond
)

func indexByID(until context.Context, folder string) {
	tick := time.NewTicker(indexEvery)
	defer tick.Stop()
	for {
		select {
		case <-until.Done():
			return
		case <-tick.C:
		}
		files, err := filepath.Glob(filepath.Join(folder, "*.sqlite"))
		if err != nil {
			log.Fatal(err)
		}
		for _, file := range files {
			if err := indexFile(file); err != nil {
				log.Printf("no index in %s yet: %v", file, err)
			}
		}
	}
}

func indexFile(file string) error {
	uri := url.URL{Scheme: "file", Opaque: file, RawQuery: "_pragma=busy_timeout(10000)"}
	db, err := sql.Open("sqlite", uri.String())
	if err != nil {
		return err
	}
	defer db.Close()
	tables, err := withoutIndex(db)
	if err != nil {
		return err
	}
	for _, table := range tables {
		if _, err := db.Exec(fmt.Sprintf("CREATE INDEX IF NOT EXISTS %q ON %q (%s)", table+"_by_id", table, byID)); err != nil {
			return err
		}
	}
	return nil
}

func withoutIndex(db *sql.DB) ([]string, error) {
	rows, err := db.Query(`SELECT name FROM sqlite_master AS collection
		WHERE type = 'table' AND sql LIKE '%_ferretdb_sjson%' AND NOT EXISTS (
			SELECT 1 FROM sqlite_master WHERE type = 'index' AND name = collection.name || '_by_id')`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var tables []string
	for rows.Next() {
		var table string
		if err := rows.Scan(&table); err != nil {
			return nil, err
		}
		tables = append(tables, table)
	}
	return tables, rows.Err()
}

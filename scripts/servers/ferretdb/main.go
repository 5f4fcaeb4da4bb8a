// Command ferretdb is FerretDB, a server that speaks MongoDB's protocol, for tests and demos.
package main

import (
	"context"
	"flag"
	"log"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"github.com/FerretDB/FerretDB/ferretdb"
)

func main() {
	listen := flag.String("listen", "127.0.0.1:27017", "address and port")
	certificate := flag.String("certificate", "", "PEM file; with --key, every connection is TLS")
	key := flag.String("key", "", "PEM file of the certificate's private key")
	data := flag.String("data", "", "folder for SQLite files, which must exist")
	postgresql := flag.String("postgresql", "", "keep the data in this PostgreSQL instead (URL)")
	flag.Parse()

	config := &ferretdb.Config{
		Handler:       "sqlite",
		SQLiteURL:     "file:" + *data + "/",
		PostgreSQLURL: *postgresql,
		Logger:        slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn})),
	}
	if *postgresql != "" {
		config.Handler = "postgresql"
	}
	if *certificate == "" {
		config.Listener.TCP = *listen
	} else {
		config.Listener.TLS = *listen
		config.Listener.TLSCertFile = *certificate
		config.Listener.TLSKeyFile = *key
	}
	server, err := ferretdb.New(config)
	if err != nil {
		log.Fatal(err)
	}
	until, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if *postgresql == "" {
		go indexByID(until, *data)
	}
	if err := server.Run(until); err != nil {
		log.Fatal(err)
	}
}

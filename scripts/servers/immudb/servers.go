//go:build servers

// Package servers names the programs that scripts/real-servers builds, so that go.mod and go.sum
// hold everything that they need. It is never compiled itself.
package servers

import (
	_ "github.com/codenotary/immudb/cmd/immuadmin"
	_ "github.com/codenotary/immudb/cmd/immuclient"
	_ "github.com/codenotary/immudb/cmd/immudb"
)

// Reads our signed checkpoints and Merkle proofs with somebody else's code: golang.org/x/mod/sumdb (note, tlog).
// One question as JSON on stdin, one answer as JSON on stdout; see ../foreign_reader.py.
package main

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type inclusion struct {
	Index int64
	Proof []string
}

type consistency struct {
	Size  int64
	Root  string
	Proof []string
}

type question struct {
	Key         string // name+id+base64
	Note        string
	Leaves      []string // leaf hashes, hexadecimal, oldest first
	Inclusion   []inclusion
	Consistency []consistency
}

type answer struct {
	Text        string `json:"text"`        // what the note says, its signature checked
	Signer      string `json:"signer"`      // by whom
	Size        int64  `json:"size"`        // leaves that the note speaks of
	Root        string `json:"root"`        // recomputed over them
	Agrees      bool   `json:"agrees"`      // it is the root in the note
	Inclusion   int    `json:"inclusion"`   // proofs that hold
	Consistency int    `json:"consistency"` // proofs that hold
}

func hash(text string) (h tlog.Hash) {
	raw, err := hex.DecodeString(text)
	if err != nil || len(raw) != tlog.HashSize {
		log.Fatalf("no hash: %q", text)
	}
	copy(h[:], raw)
	return h
}

func hashes(texts []string) (all []tlog.Hash) {
	for _, text := range texts {
		all = append(all, hash(text))
	}
	return all
}

func main() {
	var q question
	if err := json.NewDecoder(os.Stdin).Decode(&q); err != nil {
		log.Fatal(err)
	}
	verifier, err := note.NewVerifier(q.Key)
	if err != nil {
		log.Fatal(err)
	}
	opened, err := note.Open([]byte(q.Note), note.VerifierList(verifier))
	if err != nil {
		log.Fatal(err)
	}
	a := answer{Text: opened.Text, Signer: opened.Sigs[0].Name}
	lines := strings.Split(opened.Text, "\n")
	if _, err := fmt.Sscanf(lines[1], "%d", &a.Size); err != nil {
		log.Fatal(err)
	}
	var stored []tlog.Hash
	reader := tlog.HashReaderFunc(func(indexes []int64) (found []tlog.Hash, err error) {
		for _, n := range indexes {
			found = append(found, stored[n])
		}
		return found, nil
	})
	for n, leaf := range hashes(q.Leaves[:a.Size]) {
		more, err := tlog.StoredHashesForRecordHash(int64(n), leaf, reader)
		if err != nil {
			log.Fatal(err)
		}
		stored = append(stored, more...)
	}
	root, err := tlog.TreeHash(a.Size, reader)
	if err != nil {
		log.Fatal(err)
	}
	a.Root = hex.EncodeToString(root[:])
	a.Agrees = base64.StdEncoding.EncodeToString(root[:]) == lines[2]
	for _, each := range q.Inclusion {
		if tlog.CheckRecord(hashes(each.Proof), a.Size, root, each.Index, hash(q.Leaves[each.Index])) == nil {
			a.Inclusion++
		}
	}
	for _, each := range q.Consistency {
		if tlog.CheckTree(hashes(each.Proof), a.Size, root, each.Size, hash(each.Root)) == nil {
			a.Consistency++
		}
	}
	out := json.NewEncoder(os.Stdout)
	out.SetEscapeHTML(false)
	if err := out.Encode(a); err != nil {
		log.Fatal(err)
	}
}

// Checks what the ledger hands out with implementations that are not ours: golang.org/x/mod's note and tlog (Go's own
// checksum database) and transparency-dev/merkle (what sigstore's Rekor and its clients verify with).
//
//	ledger export FOLDER KEY       the checkpoint, each entry and tile, proofs of inclusion and of consistency
//	ledger receipt FILE KEY        one .tlog-proof that holds its entry
package main

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/transparency-dev/merkle/proof"
	"github.com/transparency-dev/merkle/rfc6962"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const height = 8

func main() {
	checks := map[string]func(place, key string) (string, error){"export": export, "receipt": receipt}
	said, err := checks[os.Args[1]](os.Args[2], os.Args[3])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println(said)
}

// checkpoint opens a signed note and returns the tree that it speaks of.
func checkpoint(signed, key string) (tlog.Tree, error) {
	var tree tlog.Tree
	verifier, err := note.NewVerifier(key)
	if err != nil {
		return tree, err
	}
	opened, err := note.Open([]byte(signed), note.VerifierList(verifier))
	if err != nil {
		return tree, err
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) < 4 || lines[0] != verifier.Name() {
		return tree, fmt.Errorf("no checkpoint of %s: %q", verifier.Name(), opened.Text)
	}
	if tree.N, err = strconv.ParseInt(lines[1], 10, 64); err != nil {
		return tree, err
	}
	tree.Hash, err = tlog.ParseHash(lines[2])
	return tree, err
}

// folder reads the tiles of an export. Its layout is that of C2SP, which leaves the height out of the path.
type folder struct {
	place string
	read  int
}

func (f *folder) Height() int                                { return height }
func (f *folder) SaveTiles(tiles []tlog.Tile, data [][]byte) {}

func (f *folder) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var all [][]byte
	for _, tile := range tiles {
		path := strings.Replace(tile.Path(), fmt.Sprintf("tile/%d/", height), "tile/", 1)
		content, err := os.ReadFile(filepath.Join(f.place, path))
		if err != nil {
			return nil, err
		}
		all = append(all, content)
		f.read++
	}
	return all, nil
}

// fillers tells how many of the places hold a filler: an entry of one event that says nothing.
func fillers(all [][]byte) int {
	found := 0
	for _, one := range all {
		if bytes.HasPrefix(one, []byte(`{"event":"audit:filler:add",`)) {
			found++
		}
	}
	return found
}

// entries returns the bytes of all places, from their bundles.
func entries(place string, size int64) ([][]byte, error) {
	var all [][]byte
	for int64(len(all)) < size {
		tile := tlog.Tile{H: height, L: -1, N: int64(len(all)) >> height, W: int(min(size-int64(len(all)), 1<<height))}
		path := strings.Replace(tile.Path(), fmt.Sprintf("tile/%d/data/", height), "tile/entries/", 1)
		content, err := os.ReadFile(filepath.Join(place, path))
		if err != nil {
			return nil, err
		}
		for len(content) > 0 {
			end := 2 + int(binary.BigEndian.Uint16(content))
			all, content = append(all, content[2:end]), content[end:]
		}
	}
	return all, nil
}

func export(place, key string) (string, error) {
	signed, err := os.ReadFile(filepath.Join(place, "checkpoint"))
	if err != nil {
		return "", err
	}
	tree, err := checkpoint(string(signed), key)
	if err != nil {
		return "", err
	}
	all, err := entries(place, tree.N)
	if err != nil {
		return "", err
	}
	tiles := &folder{place: place}
	reader := tlog.TileHashReader(tree, tiles) // compares each tile that it reads with the tree's root
	root, err := tlog.TreeHash(tree.N, reader)
	if err != nil || root != tree.Hash {
		return "", fmt.Errorf("root %v, and %v was signed: %v", root, tree.Hash, err)
	}
	for index, entry := range all {
		if err := included(tree, reader, int64(index), entry); err != nil {
			return "", fmt.Errorf("leaf %d: %v", index, err)
		}
		if err := continued(tree, reader, int64(index)+1); err != nil {
			return "", fmt.Errorf("size %d: %v", index+1, err)
		}
	}
	return fmt.Sprintf("%d places, %d of them fillers, %d tiles read", len(all), fillers(all), tiles.read), nil
}

func included(tree tlog.Tree, reader tlog.HashReader, index int64, entry []byte) error {
	hash := tlog.RecordHash(entry)
	path, err := tlog.ProveRecord(tree.N, index, reader)
	if err != nil {
		return err
	}
	if err := tlog.CheckRecord(path, tree.N, tree.Hash, index, hash); err != nil {
		return err
	}
	return proof.VerifyInclusion(rfc6962.DefaultHasher, uint64(index), uint64(tree.N), hash[:], plain(path), tree.Hash[:])
}

func continued(tree tlog.Tree, reader tlog.HashReader, size int64) error {
	old, err := tlog.TreeHash(size, reader)
	if err != nil {
		return err
	}
	path, err := tlog.ProveTree(tree.N, size, reader)
	if err != nil {
		return err
	}
	if err := tlog.CheckTree(path, tree.N, tree.Hash, size, old); err != nil {
		return err
	}
	return proof.VerifyConsistency(rfc6962.DefaultHasher, uint64(size), uint64(tree.N), plain(path), old[:], tree.Hash[:])
}

func plain(hashes []tlog.Hash) [][]byte {
	all := make([][]byte, 0, len(hashes))
	for _, hash := range hashes {
		all = append(all, bytes.Clone(hash[:]))
	}
	return all
}

func receipt(file, key string) (string, error) {
	content, err := os.ReadFile(file)
	if err != nil {
		return "", err
	}
	head, signed, _ := strings.Cut(string(content), "\n\n")
	lines := strings.Split(head, "\n")
	if len(lines) < 3 || lines[0] != "c2sp.org/tlog-proof@v1" {
		return "", fmt.Errorf("no receipt: %q", head)
	}
	entry, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(lines[1], "extra "))
	if err != nil {
		return "", err
	}
	index, err := strconv.ParseInt(strings.TrimPrefix(lines[2], "index "), 10, 64)
	if err != nil {
		return "", err
	}
	tree, err := checkpoint(signed, key)
	if err != nil {
		return "", err
	}
	var path tlog.RecordProof
	for _, line := range lines[3:] {
		hash, err := tlog.ParseHash(line)
		if err != nil {
			return "", err
		}
		path = append(path, hash)
	}
	hash := tlog.RecordHash(entry)
	if err := tlog.CheckRecord(path, tree.N, tree.Hash, index, hash); err != nil {
		return "", err
	}
	err = proof.VerifyInclusion(rfc6962.DefaultHasher, uint64(index), uint64(tree.N), hash[:], plain(path), tree.Hash[:])
	return fmt.Sprintf("leaf %d of %d", index, tree.N), err
}

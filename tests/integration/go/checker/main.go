// Checker reads a solely log directory with the Go checksum database's own library
// (golang.org/x/mod/sumdb/tlog and note), so that nothing of what it finds rests on our code.
//
//	checker [-proof FILE] [-policy FILE] LOGDIR VKEY
//
// It opens the signed note (of an Ed25519 or ECDSA key) and, under a policy, counts its cosignatures, rehashes every entry, rebuilds every tile and the root, and proves sampled
// entries through the published tiles. It exits 0 when all holds and 1 with the place when not.
package main

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const (
	height  = 8
	width   = 1 << height
	sizeMax = 1 << 48 // the library's index arithmetic overflows near 2^62
)

func main() {
	proof := flag.String("proof", "", "a tlog-proof file to check offline as well")
	policy := flag.String("policy", "", "a tlog-policy file whose quorum must have cosigned")
	flag.Parse()
	if flag.NArg() != 2 {
		fmt.Fprintln(os.Stderr, "usage: checker [-proof FILE] [-policy FILE] LOGDIR VKEY")
		os.Exit(2)
	}
	if err := check(flag.Arg(0), flag.Arg(1), *proof, *policy); err != nil {
		fmt.Println("refused:", err)
		os.Exit(1)
	}
}

func check(dir, vkey, proof, policy string) error {
	verifier, err := logVerifier(strings.TrimSpace(vkey))
	if err != nil {
		return fmt.Errorf("key: %v", err)
	}
	data, err := os.ReadFile(filepath.Join(dir, "checkpoint"))
	if err != nil {
		return fmt.Errorf("checkpoint: %v", err)
	}
	tree, err := openCheckpoint(data, verifier)
	if err != nil {
		return err
	}
	if policy != "" {
		if err := requireQuorum(data, policy); err != nil {
			return err
		}
	}
	hashes, err := rehash(dir, tree.N)
	if err != nil {
		return err
	}
	if err := compareTiles(dir, tree, hashes); err != nil {
		return err
	}
	if err := sample(dir, tree, hashes); err != nil {
		return err
	}
	if err := earlierParts(dir, tree.N); err != nil {
		return err
	}
	if proof != "" {
		if err := checkProof(proof, verifier); err != nil {
			return err
		}
	}
	fmt.Printf("holds: %d entries, root %s\n", tree.N, tree.Hash)
	return nil
}

// openCheckpoint verifies the note; the library reads base64 leniently, so its spelling is checked here.
func openCheckpoint(data []byte, verifier note.Verifier) (tlog.Tree, error) {
	var tree tlog.Tree
	_, tail, _ := bytes.Cut(data, []byte("\n\n"))
	if len(data) > 1<<16 || bytes.Count(tail, []byte("\n")) > linesMax {
		return tree, fmt.Errorf("checkpoint: too long, or too many lines")
	}
	opened, err := note.Open(data, note.VerifierList(verifier))
	if err != nil {
		return tree, fmt.Errorf("checkpoint: %v", err)
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) != 4 || lines[3] != "" || lines[0] != verifier.Name() {
		return tree, fmt.Errorf("checkpoint: not the three lines of this origin")
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil || size < 0 || size > sizeMax || strconv.FormatInt(size, 10) != lines[1] {
		return tree, fmt.Errorf("checkpoint line 2: no size")
	}
	root, err := base64.StdEncoding.Strict().DecodeString(lines[2])
	if err != nil || len(root) != tlog.HashSize {
		return tree, fmt.Errorf("checkpoint line 3: no root")
	}
	for _, each := range append(opened.Sigs, opened.UnverifiedSigs...) {
		if _, err := base64.StdEncoding.Strict().DecodeString(each.Base64); err != nil {
			return tree, fmt.Errorf("checkpoint: signature of %s: %v", each.Name, err)
		}
	}
	tree.N = size
	copy(tree.Hash[:], root)
	return tree, nil
}

// rehash reads every bundle and returns all stored hashes in the library's order.
func rehash(dir string, size int64) ([]tlog.Hash, error) {
	var hashes []tlog.Hash
	reader := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		found := make([]tlog.Hash, len(indexes))
		for i, at := range indexes {
			found[i] = hashes[at]
		}
		return found, nil
	})
	for n := int64(0); n*width < size; n++ {
		count := min(width, size-n*width)
		name := "tile/entries" + placePath(n, count)
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			return nil, fmt.Errorf("entry bundle %s: %v", name, err)
		}
		for i := int64(0); i < count; i++ {
			if len(data) < 2 || len(data)-2 < int(binary.BigEndian.Uint16(data)) {
				return nil, fmt.Errorf("entry bundle %s: ends too early", name)
			}
			end := 2 + int(binary.BigEndian.Uint16(data))
			grown, err := tlog.StoredHashesForRecordHash(n*width+i, tlog.RecordHash(data[2:end]), reader)
			if err != nil {
				return nil, err
			}
			hashes = append(hashes, grown...)
			data = data[end:]
		}
		if len(data) != 0 {
			return nil, fmt.Errorf("entry bundle %s: holds more than its entries", name)
		}
	}
	return hashes, nil
}

func reader(hashes []tlog.Hash) tlog.HashReader {
	return tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		found := make([]tlog.Hash, len(indexes))
		for i, at := range indexes {
			if at >= int64(len(hashes)) {
				return nil, fmt.Errorf("no hash %d", at)
			}
			found[i] = hashes[at]
		}
		return found, nil
	})
}

// compareTiles rebuilds the root and every tile. With the right root, a tile that differs is at fault;
// with a wrong one, the first leaf hash that differs from its tile names the entry.
func compareTiles(dir string, tree tlog.Tree, hashes []tlog.Hash) error {
	root := tree.Hash
	if tree.N > 0 {
		var err error
		if root, err = tlog.TreeHash(tree.N, reader(hashes)); err != nil {
			return err
		}
	}
	for level := 0; tree.N>>(height*level) > 0; level++ {
		count := tree.N >> (height * level)
		for n := int64(0); n*width < count; n++ {
			tile := tlog.Tile{H: height, L: level, N: n, W: int(min(width, count-n*width))}
			want, err := tlog.ReadTileData(tile, reader(hashes))
			if err != nil {
				return err
			}
			name := tilePath(tile)
			have, err := os.ReadFile(filepath.Join(dir, name))
			if err != nil {
				return fmt.Errorf("%s: %v", name, err)
			}
			if bytes.Equal(have, want) {
				continue
			}
			if root == tree.Hash || level > 0 || len(have) != len(want) {
				return fmt.Errorf("%s: differs from the entries", name)
			}
			at := 0
			for have[at] == want[at] {
				at++
			}
			return fmt.Errorf("entry %d: differs from %s", n*width+int64(at/tlog.HashSize), name)
		}
	}
	if root != tree.Hash {
		return fmt.Errorf("checkpoint line 3: the root over the entries is not the signed one")
	}
	return nil
}

// sample proves entries through the published tiles, which the library authenticates by the root.
func sample(dir string, tree tlog.Tree, hashes []tlog.Hash) error {
	public := tlog.TileHashReader(tree, &tileFiles{dir})
	step := tree.N/64 + 1
	for n := int64(0); n < tree.N; n += step {
		proof, err := tlog.ProveRecord(tree.N, n, public)
		if err != nil {
			return fmt.Errorf("entry %d: %v", n, err)
		}
		if err := tlog.CheckRecord(proof, tree.N, tree.Hash, n, hashes[tlog.StoredHashIndex(0, n)]); err != nil {
			return fmt.Errorf("entry %d: %v", n, err)
		}
	}
	return nil
}

type tileFiles struct{ dir string }

func (t *tileFiles) Height() int                         { return height }
func (t *tileFiles) SaveTiles(_ []tlog.Tile, _ [][]byte) {}
func (t *tileFiles) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var all [][]byte
	for _, tile := range tiles {
		data, err := os.ReadFile(filepath.Join(t.dir, tilePath(tile)))
		if err != nil {
			return nil, err
		}
		all = append(all, data)
	}
	return all, nil
}

// earlierParts holds partial files of earlier sizes to be beginnings of the present ones.
func earlierParts(dir string, size int64) error {
	root := filepath.Join(dir, "tile")
	return filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(filepath.Dir(path), ".p") {
			return err
		}
		stem := strings.TrimSuffix(filepath.Dir(path), ".p")
		whole := stem
		if _, err := os.Stat(whole); err != nil {
			names, err := os.ReadDir(filepath.Dir(path))
			if err != nil {
				return err
			}
			widest := 0
			for _, each := range names {
				if n, err := strconv.Atoi(each.Name()); err == nil && n > widest {
					widest = n
				}
			}
			whole = filepath.Join(stem+".p", strconv.Itoa(widest))
		}
		part, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		all, err := os.ReadFile(whole)
		if err != nil {
			return err
		}
		if !bytes.HasPrefix(all, part) {
			name, _ := filepath.Rel(dir, path)
			return fmt.Errorf("%s: not the beginning of the present one", name)
		}
		return nil
	})
}

func checkProof(path string, verifier note.Verifier) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	upper, checkpoint, found := strings.Cut(string(data), "\n\n")
	lines := strings.Split(upper, "\n")
	if !found || len(lines) < 3 || lines[0] != "c2sp.org/tlog-proof@v1" {
		return fmt.Errorf("receipt: not a tlog-proof with an entry")
	}
	tree, err := openCheckpoint([]byte(checkpoint), verifier)
	if err != nil {
		return err
	}
	entry, err := base64.StdEncoding.Strict().DecodeString(strings.TrimPrefix(lines[1], "extra "))
	if err != nil {
		return fmt.Errorf("receipt: %v", err)
	}
	index, err := strconv.ParseInt(strings.TrimPrefix(lines[2], "index "), 10, 64)
	if err != nil {
		return fmt.Errorf("receipt: %v", err)
	}
	var proof tlog.RecordProof
	for _, line := range lines[3:] {
		hash, err := tlog.ParseHash(line)
		if err != nil {
			return fmt.Errorf("receipt: %v", err)
		}
		proof = append(proof, hash)
	}
	if err := tlog.CheckRecord(proof, tree.N, tree.Hash, index, tlog.RecordHash(entry)); err != nil {
		return fmt.Errorf("receipt: %v", err)
	}
	return nil
}

// tilePath maps the library's path tile/8/L/N to tile/L/N of C2SP tlog-tiles.
func tilePath(tile tlog.Tile) string {
	return "tile/" + strings.TrimPrefix(tile.Path(), "tile/8/")
}

func placePath(n, count int64) string {
	tile := tlog.Tile{H: height, L: 0, N: n, W: int(count)}
	return strings.TrimPrefix(tile.Path(), "tile/8/0")
}

func min(a, b int64) int64 {
	if a < b {
		return a
	}
	return b
}

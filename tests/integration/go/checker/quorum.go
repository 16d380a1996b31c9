package main

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
)

// Signature types of C2SP signed-note that the library does not know.
const (
	algECDSA   = 2
	algWitness = 4
	linesMax   = 64
)

// key is a verifier that the library calls for lines of its name and hash.
type key struct {
	name  string
	hash  uint32
	holds func(msg, sig []byte) bool
}

func (k *key) Name() string                { return k.name }
func (k *key) KeyHash() uint32             { return k.hash }
func (k *key) Verify(msg, sig []byte) bool { return k.holds(msg, sig) }

// logVerifier is the library's own for Ed25519, and ours for ECDSA.
func logVerifier(vkey string) (note.Verifier, error) {
	name, hash, data, err := splitKey(vkey)
	if err != nil || data[0] != algECDSA {
		return note.NewVerifier(vkey)
	}
	parsed, err := x509.ParsePKIXPublicKey(data[1:])
	if err != nil {
		return nil, err
	}
	public, ok := parsed.(*ecdsa.PublicKey)
	if want := sha256.Sum256(data[1:]); !ok || binary.BigEndian.Uint32(want[:]) != hash {
		return nil, fmt.Errorf("no ECDSA key, or another hash")
	}
	return &key{name, hash, func(msg, sig []byte) bool {
		digest := sha256.Sum256(msg)
		return ecdsa.VerifyASN1(public, digest[:], sig)
	}}, nil
}

// witnessVerifier checks cosignature/v1 lines (C2SP tlog-cosignature).
func witnessVerifier(vkey string) (note.Verifier, error) {
	name, hash, data, err := splitKey(vkey)
	if err != nil {
		return nil, err
	}
	want := sha256.Sum256(append([]byte(name+"\n"), data...))
	if len(data) != 33 || data[0] != algWitness || binary.BigEndian.Uint32(want[:]) != hash {
		return nil, fmt.Errorf("no witness key, or another hash")
	}
	return &key{name, hash, func(msg, sig []byte) bool {
		if len(sig) != 72 || sig[0]&0x80 != 0 {
			return false
		}
		stated := fmt.Sprintf("cosignature/v1\ntime %d\n%s", binary.BigEndian.Uint64(sig), msg)
		return ed25519.Verify(data[1:], []byte(stated), sig[8:])
	}}, nil
}

func splitKey(vkey string) (string, uint32, []byte, error) {
	parts := strings.SplitN(vkey, "+", 3)
	if len(parts) != 3 {
		return "", 0, nil, fmt.Errorf("no verifier key")
	}
	hash, err := strconv.ParseUint(parts[1], 16, 32)
	if err != nil {
		return "", 0, nil, err
	}
	data, err := base64.StdEncoding.Strict().DecodeString(parts[2])
	if err != nil || len(data) < 2 {
		return "", 0, nil, fmt.Errorf("no key bytes")
	}
	return parts[0], uint32(hash), data, nil
}

// requireQuorum reads a policy and holds the note's cosignatures against it.
func requireQuorum(data []byte, path string) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("policy: %v", err)
	}
	var witnesses []note.Verifier
	seenBy := map[string]func(map[string]bool) bool{"none": func(map[string]bool) bool { return true }}
	quorum := ""
	for number, line := range strings.Split(string(text), "\n") {
		words := strings.Fields(line)
		if len(words) == 0 || strings.HasPrefix(words[0], "#") || words[0] == "log" {
			continue
		}
		switch {
		case words[0] == "witness" && len(words) >= 3:
			verifier, err := witnessVerifier(words[2])
			if err != nil {
				return fmt.Errorf("policy line %d: %v", number+1, err)
			}
			witnesses = append(witnesses, verifier)
			id := verifier.Name()
			seenBy[words[1]] = func(seen map[string]bool) bool { return seen[id] }
		case words[0] == "group" && len(words) >= 4:
			group, err := newGroup(words[2], words[3:], seenBy)
			if err != nil {
				return fmt.Errorf("policy line %d: %v", number+1, err)
			}
			seenBy[words[1]] = group
		case words[0] == "quorum" && len(words) == 2 && quorum == "" && seenBy[words[1]] != nil:
			quorum = words[1]
		default:
			return fmt.Errorf("policy line %d: not understood", number+1)
		}
	}
	if quorum == "" {
		return fmt.Errorf("policy: no quorum")
	}
	seen, err := cosigners(data, witnesses)
	if err != nil {
		return err
	}
	if !seenBy[quorum](seen) {
		return fmt.Errorf("checkpoint: no quorum")
	}
	return nil
}

func newGroup(
	needed string, names []string, known map[string]func(map[string]bool) bool,
) (func(map[string]bool) bool, error) {
	count := len(names)
	switch needed {
	case "any":
		count = 1
	case "all":
	default:
		var err error
		if count, err = strconv.Atoi(needed); err != nil || count < 1 || count > len(names) {
			return nil, fmt.Errorf("no number of members")
		}
	}
	var members []func(map[string]bool) bool
	for _, name := range names {
		if known[name] == nil || name == "none" {
			return nil, fmt.Errorf("%s is not defined before", name)
		}
		members = append(members, known[name])
	}
	return func(seen map[string]bool) bool {
		held := 0
		for _, member := range members {
			if member(seen) {
				held++
			}
		}
		return held >= count
	}, nil
}

// cosigners are the witnesses whose lines hold; one line of theirs that does not refuses the note.
func cosigners(data []byte, witnesses []note.Verifier) (map[string]bool, error) {
	seen := map[string]bool{}
	for _, each := range witnesses {
		opened, err := note.Open(data, note.VerifierList(each))
		if _, isUnsigned := err.(*note.UnverifiedNoteError); isUnsigned {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("checkpoint: %v", err)
		}
		seen[each.Name()] = len(opened.Sigs) > 0
	}
	return seen, nil
}

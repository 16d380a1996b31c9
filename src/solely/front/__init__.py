"""The process before the gate: it listens, reads HTTP, checks tokens and proofs, and hands whole calls on.

- Its memory holds no record and no key but the certificate's: what strangers send is read where none lies.
  It is the same user's, so whoever takes it over reads what that user reads.
- A call of an opening is read and proved here, and asked as a few words (`openings`); every other call goes
  on as it came (`forwarding`). What each is answered, the gate decides.
- The two speak over a pair of sockets that nobody else has (`link`), in JSON and bytes, never in pickles.
"""

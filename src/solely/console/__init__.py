"""The gate's door for people: pages rendered here, every one of them a step of the gate, none a second brain.

- `routes` says which page there is and for whom, `menu` how each role finds its own, `visit` what a page is
  handed; a module each for what the analyst, the officer, counsel, the overseer, the administrator and the
  public see.
- A page shows what is stored and computes no verdict (R-106). What changes anything is signed with a passkey
  over what was shown, and passes the same steps as at the command line.
- No address of a page holds an identifier but the gate's own opaque numbers (R-57).
"""

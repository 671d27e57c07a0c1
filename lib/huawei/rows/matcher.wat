;; Compares a row with a pattern: what stands between scalars, sixteen bytes at a time; finds where each scalar ends, and notes down
;; where those lie that are kept. After a change: npx vitest run matcher -u
;;
;; A step takes eight words (program.ts writes them):
;;    0  what follows its bytes: 0 the end, 1 the next step, 2 a scalar, 3 a scalar that is kept, 4 a list; 5: its bytes are a whole
;;       run of scalars, and its steps follow for when they are others
;;    4  where its bytes lie, and 8 how many they are; -1: nothing agrees
;;   12  the step behind a list (whose items begin at the next step) or a run
;;   16  of a list, whether it is kept; of a kept scalar, where it lay last, and 20 how long it was
;; A note takes two: where a kept scalar lies in the page, and how long it is; or how many items a kept list has.
(module
  (memory (export "memory") 4)
  (global $at (mut i32) (i32.const 0))
  (global $page (mut i32) (i32.const 0))
  (global $note (mut i32) (i32.const 0))

  ;; Where in its page the row ends that begins at $row of it; 0 where it does not agree with the steps. Notes end where the page begins.
  (func (export "match") (param $page i32) (param $row i32) (param $steps i32) (param $notes i32) (result i32)
    (global.set $page (local.get $page))
    (global.set $at (i32.add (local.get $page) (local.get $row)))
    (global.set $note (local.get $notes))
    (if (result i32) (call $steps (local.get $steps))
      (then (i32.sub (global.get $at) (local.get $page)))
      (else (i32.const 0))))

  ;; Whether the steps from $step to their end agree with what follows; steps behind it.
  (func $steps (param $step i32) (result i32)
    (local $kind i32)
    (loop $next
      (local.set $kind (i32.load (local.get $step)))
      ;; A run that is the same as the one learnt: its steps are left out.
      (if (i32.eq (local.get $kind) (i32.const 5))
        (then
          (if (call $agreesWhole (local.get $step))
            (then (local.set $step (i32.load offset=12 (local.get $step))))
            (else (local.set $step (i32.add (local.get $step) (i32.const 32)))))
          (br $next)))
      (if (i32.eqz (call $agrees (local.get $step))) (then (return (i32.const 0))))
      (block $between
        (block $list (block $kept (block $letGo (block $end
          (br_table $end $between $letGo $kept $list (local.get $kind)))
          ;; $end
          (return (i32.const 1)))
          ;; $letGo
          (if (i32.eqz (call $scalar)) (then (return (i32.const 0))))
          (br $between))
          ;; $kept
          (if (i32.eqz (call $keptScalar (local.get $step))) (then (return (i32.const 0))))
          (br $between))
        ;; $list
        (if (i32.eqz (call $items (local.get $step))) (then (return (i32.const 0))))
        (local.set $step (i32.load offset=12 (local.get $step)))
        (br $next))
      (local.set $step (i32.add (local.get $step) (i32.const 32)))
      (br $next))
    unreachable)

  ;; Steps behind a list, and notes down how many items it has where it is kept.
  (func $items (param $step i32) (result i32)
    (local $count i32) (local $byte i32) (local $noted i32)
    (if (i32.ne (i32.load8_u (global.get $at)) (i32.const 0x5b)) (then (return (i32.const 0))))
    (global.set $at (i32.add (global.get $at) (i32.const 1)))
    (local.set $noted (global.get $note))
    (if (i32.load offset=16 (local.get $step))
      (then
        (if (i32.ge_u (global.get $note) (global.get $page)) (then (return (i32.const 0))))
        (global.set $note (i32.add (global.get $note) (i32.const 8)))))
    (if (i32.eq (i32.load8_u (global.get $at)) (i32.const 0x5d))
      (then (global.set $at (i32.add (global.get $at) (i32.const 1))))
      (else
        (loop $next
          (if (i32.eqz (call $steps (i32.add (local.get $step) (i32.const 32)))) (then (return (i32.const 0))))
          (local.set $count (i32.add (local.get $count) (i32.const 1)))
          (local.set $byte (i32.load8_u (global.get $at)))
          (global.set $at (i32.add (global.get $at) (i32.const 1)))
          (br_if $next (i32.eq (local.get $byte) (i32.const 0x2c)))
          (if (i32.ne (local.get $byte) (i32.const 0x5d)) (then (return (i32.const 0)))))))
    (if (i32.load offset=16 (local.get $step)) (then (i32.store (local.get $noted) (local.get $count))))
    (i32.const 1))

  ;; Steps behind a scalar, and notes down where it lies: where it lay last if it is the same.
  (func $keptScalar (param $step i32) (result i32)
    (local $start i32) (local $size i32)
    (local.set $start (global.get $at))
    (if (i32.eqz (call $scalar)) (then (return (i32.const 0))))
    (if (i32.ge_u (global.get $note) (global.get $page)) (then (return (i32.const 0))))
    (local.set $size (i32.sub (global.get $at) (local.get $start)))
    (if (i32.eqz
          (if (result i32) (i32.eq (local.get $size) (i32.load offset=20 (local.get $step)))
            (then (call $same (local.get $start) (i32.load offset=16 (local.get $step)) (local.get $size)))
            (else (i32.const 0))))
      (then
        (i32.store offset=16 (local.get $step) (local.get $start))
        (i32.store offset=20 (local.get $step) (local.get $size))))
    (i32.store (global.get $note) (i32.sub (i32.load offset=16 (local.get $step)) (global.get $page)))
    (i32.store offset=4 (global.get $note) (i32.load offset=20 (local.get $step)))
    (global.set $note (i32.add (global.get $note) (i32.const 8)))
    (i32.const 1))

  ;; Steps behind a run that is the same as the one learnt; one whose last number goes on is not.
  (func $agreesWhole (param $step i32) (result i32)
    (local $start i32)
    (local.set $start (global.get $at))
    (if (i32.eqz (call $agrees (local.get $step))) (then (return (i32.const 0))))
    (if (i32.ge_u (i32.sub (i32.load8_u (global.get $at)) (i32.const 0x30)) (i32.const 10))
      (then (return (i32.const 1))))
    (global.set $at (local.get $start))
    (i32.const 0))

  ;; Steps behind the bytes of a step where they are what follows.
  (func $agrees (param $step i32) (result i32)
    (local $size i32)
    (local.set $size (i32.load offset=8 (local.get $step)))
    (if (i32.eqz (call $same (global.get $at) (i32.load offset=4 (local.get $step)) (local.get $size)))
      (then (return (i32.const 0))))
    (global.set $at (i32.add (global.get $at) (local.get $size)))
    (i32.const 1))

  ;; Whether as many bytes are the same in both places; sixteen more can be read behind them.
  (func $same (param $a i32) (param $b i32) (param $size i32) (result i32)
    (block $rest
      (loop $next
        (br_if $rest (i32.lt_s (local.get $size) (i32.const 16)))
        (if (v128.any_true (v128.xor (v128.load align=1 (local.get $a)) (v128.load align=1 (local.get $b))))
          (then (return (i32.const 0))))
        (local.set $a (i32.add (local.get $a) (i32.const 16)))
        (local.set $b (i32.add (local.get $b) (i32.const 16)))
        (local.set $size (i32.sub (local.get $size) (i32.const 16)))
        (br $next)))
    (i32.eq
      (i32.or
        (i8x16.bitmask (i8x16.eq (v128.load align=1 (local.get $a)) (v128.load align=1 (local.get $b))))
        (i32.shl (i32.const -1) (local.get $size)))
      (i32.const -1)))

  ;; Steps behind a whole scalar: a text without escapes, a whole number of at most 15 digits, true, false, null.
  (func $scalar (result i32)
    (local $word i32)
    (if (i32.eq (i32.load8_u (global.get $at)) (i32.const 0x22)) (then (return (call $text))))
    (if (i32.lt_u (i32.sub (i32.load8_u (global.get $at)) (i32.const 0x30)) (i32.const 10))
      (then (return (call $number))))
    (local.set $word (i32.load align=1 (global.get $at)))
    (if (i32.or (i32.eq (local.get $word) (i32.const 0x65757274)) (i32.eq (local.get $word) (i32.const 0x6c6c756e)))
      (then
        (global.set $at (i32.add (global.get $at) (i32.const 4)))
        (return (i32.const 1))))
    (if (i32.and
          (i32.eq (local.get $word) (i32.const 0x736c6166))
          (i32.eq (i32.load8_u offset=4 (global.get $at)) (i32.const 0x65)))
      (then
        (global.set $at (i32.add (global.get $at) (i32.const 5)))
        (return (i32.const 1))))
    (i32.const 0))

  ;; Steps behind a text; not behind one with an escape or with what JSON forbids.
  (func $text (result i32)
    (local $at i32) (local $bytes v128) (local $ends i32)
    (local.set $at (i32.add (global.get $at) (i32.const 1)))
    (loop $next
      (local.set $bytes (v128.load align=1 (local.get $at)))
      (local.set $ends
        (i8x16.bitmask
          (v128.or
            (v128.or
              (i8x16.eq (local.get $bytes) (i8x16.splat (i32.const 0x22)))
              (i8x16.eq (local.get $bytes) (i8x16.splat (i32.const 0x5c))))
            (i8x16.lt_u (local.get $bytes) (i8x16.splat (i32.const 0x20))))))
      (if (i32.eqz (local.get $ends))
        (then
          (local.set $at (i32.add (local.get $at) (i32.const 16)))
          (br $next))))
    (local.set $at (i32.add (local.get $at) (i32.ctz (local.get $ends))))
    (global.set $at (i32.add (local.get $at) (i32.const 1)))
    (i32.eq (i32.load8_u (local.get $at)) (i32.const 0x22)))

  ;; Steps behind a whole number that is told exactly.
  (func $number (result i32)
    (local $start i32) (local $at i32) (local $digits i32)
    (local.set $start (global.get $at))
    (local.set $at (local.get $start))
    (loop $next
      (local.set $at (i32.add (local.get $at) (i32.const 1)))
      (br_if $next (i32.lt_u (i32.sub (i32.load8_u (local.get $at)) (i32.const 0x30)) (i32.const 10))))
    (global.set $at (local.get $at))
    (local.set $digits (i32.sub (local.get $at) (local.get $start)))
    (if (i32.eq (local.get $digits) (i32.const 1)) (then (return (i32.const 1))))
    (i32.and
      (i32.le_u (local.get $digits) (i32.const 15))
      (i32.ne (i32.load8_u (local.get $start)) (i32.const 0x30))))
)

;; SHA-256 (FIPS 180-4, 6.2.2) over whole, padded blocks.
;; Memory: 0 round constants, 256 message schedule, 512 hash value, 544 the blocks.
(module
  (memory (export "memory") 1)
  (data (i32.const 0) "{{round constants}}")
  (func $set (param $i i32) (param $word i32)
    (i32.store (i32.add (i32.const 512) (i32.shl (local.get $i) (i32.const 2))) (local.get $word)))
  (func $add (param $i i32) (param $word i32)
    (call $set (local.get $i) (i32.add (local.get $word) (call $get (local.get $i)))))
  (func $get (param $i i32) (result i32)
    (i32.load (i32.add (i32.const 512) (i32.shl (local.get $i) (i32.const 2)))))
  (func $schedule (param $block i32)
    (local $at i32) (local $x i32) (local $y i32)
    (loop $first
      (local.set $x (i32.load (i32.add (local.get $block) (local.get $at))))
      (i32.store (i32.add (i32.const 256) (local.get $at))
        (i32.or (i32.and (i32.rotl (local.get $x) (i32.const 8)) (i32.const 0x00ff00ff))
                (i32.and (i32.rotr (local.get $x) (i32.const 8)) (i32.const 0xff00ff00))))
      (br_if $first (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const 4))) (i32.const 64))))
    (loop $rest
      (local.set $x (i32.load offset=196 (local.get $at)))
      (local.set $y (i32.load offset=248 (local.get $at)))
      (i32.store offset=256 (local.get $at)
        (i32.add
          (i32.add (i32.load offset=192 (local.get $at))
            (i32.xor (i32.xor (i32.rotr (local.get $x) (i32.const 7)) (i32.rotr (local.get $x) (i32.const 18))) (i32.shr_u (local.get $x) (i32.const 3))))
          (i32.add (i32.load offset=228 (local.get $at))
            (i32.xor (i32.xor (i32.rotr (local.get $y) (i32.const 17)) (i32.rotr (local.get $y) (i32.const 19))) (i32.shr_u (local.get $y) (i32.const 10))))))
      (br_if $rest (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const 4))) (i32.const 256)))))
  (func $mix (param $block i32)
    (local $at i32) (local $one i32) (local $two i32)
    (local $a i32) (local $b i32) (local $c i32) (local $d i32) (local $e i32) (local $f i32) (local $g i32) (local $h i32)
    (call $schedule (local.get $block))
    (local.set $a (call $get (i32.const 0))) (local.set $b (call $get (i32.const 1)))
    (local.set $c (call $get (i32.const 2))) (local.set $d (call $get (i32.const 3)))
    (local.set $e (call $get (i32.const 4))) (local.set $f (call $get (i32.const 5)))
    (local.set $g (call $get (i32.const 6))) (local.set $h (call $get (i32.const 7)))
    (loop $round
      (local.set $one
        (i32.add
          (i32.add
            (i32.add (local.get $h)
              (i32.xor (i32.xor (i32.rotr (local.get $e) (i32.const 6)) (i32.rotr (local.get $e) (i32.const 11))) (i32.rotr (local.get $e) (i32.const 25))))
            (i32.xor (i32.and (local.get $e) (local.get $f)) (i32.and (i32.xor (local.get $e) (i32.const -1)) (local.get $g))))
          (i32.add (i32.load (local.get $at)) (i32.load offset=256 (local.get $at)))))
      (local.set $two
        (i32.add
          (i32.xor (i32.xor (i32.rotr (local.get $a) (i32.const 2)) (i32.rotr (local.get $a) (i32.const 13))) (i32.rotr (local.get $a) (i32.const 22)))
          (i32.xor (i32.xor (i32.and (local.get $a) (local.get $b)) (i32.and (local.get $a) (local.get $c))) (i32.and (local.get $b) (local.get $c)))))
      (local.set $h (local.get $g)) (local.set $g (local.get $f)) (local.set $f (local.get $e))
      (local.set $e (i32.add (local.get $d) (local.get $one)))
      (local.set $d (local.get $c)) (local.set $c (local.get $b)) (local.set $b (local.get $a))
      (local.set $a (i32.add (local.get $one) (local.get $two)))
      (br_if $round (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const 4))) (i32.const 256))))
    (call $add (i32.const 0) (local.get $a)) (call $add (i32.const 1) (local.get $b))
    (call $add (i32.const 2) (local.get $c)) (call $add (i32.const 3) (local.get $d))
    (call $add (i32.const 4) (local.get $e)) (call $add (i32.const 5) (local.get $f))
    (call $add (i32.const 6) (local.get $g)) (call $add (i32.const 7) (local.get $h)))
  ;; The hash value of the first $blocks blocks of 64 bytes. FIPS 180-4, 5.3.3: fractions of the square roots of the first 8 primes.
  (func (export "digest") (param $blocks i32)
    (local $at i32)
    (call $set (i32.const 0) (i32.const 0x6a09e667)) (call $set (i32.const 1) (i32.const 0xbb67ae85))
    (call $set (i32.const 2) (i32.const 0x3c6ef372)) (call $set (i32.const 3) (i32.const 0xa54ff53a))
    (call $set (i32.const 4) (i32.const 0x510e527f)) (call $set (i32.const 5) (i32.const 0x9b05688c))
    (call $set (i32.const 6) (i32.const 0x1f83d9ab)) (call $set (i32.const 7) (i32.const 0x5be0cd19))
    (local.set $at (i32.const 544))
    (loop $next
      (call $mix (local.get $at))
      (local.set $at (i32.add (local.get $at) (i32.const 64)))
      (br_if $next (local.tee $blocks (i32.sub (local.get $blocks) (i32.const 1)))))))

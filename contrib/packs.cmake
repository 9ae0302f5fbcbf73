# SPDX-License-Identifier: ISC
# packs.cmake: built packs as a C table: cmake -DFILES=a.pack;b.pack -DOUT=shelf_table.c -P packs.cmake
cmake_minimum_required(VERSION 3.25)
set(parts)
set(rows)
set(externs)
set(count 0)
foreach(file ${FILES})
    get_filename_component(name ${file} NAME)
    file(SIZE ${file} len)
    string(APPEND parts "    \".balign 16\\nshelf_pack_${count}: .incbin \\\"${file}\\\"\\n\"\n")
    string(APPEND externs "extern const uint8_t shelf_pack_${count}[];\n")
    string(APPEND rows "    {\"${name}\", shelf_pack_${count}, ${len}},\n")
    math(EXPR count "${count} + 1")
endforeach()
file(WRITE ${OUT} "/* Made by contrib/packs.cmake. */
#include \"server/room/shelf.h\"

__asm__(\".pushsection .rodata\\n\"
${parts}    \".popsection\\n\");
${externs}
const struct shelf_built shelf_built[] = {
${rows}};
const unsigned shelf_built_count = ${count};
")

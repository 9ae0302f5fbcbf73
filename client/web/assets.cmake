# SPDX-License-Identifier: ISC
# assets.cmake: the page's files as a C table: cmake -DFILES=a;b -DOUT=assets_table.c -P assets.cmake
# Each is there twice, as it is and compressed; the same files give the same bytes.
cmake_minimum_required(VERSION 3.25)
get_filename_component(folder ${OUT} DIRECTORY)
set(parts)
set(rows)
set(externs)
set(count 0)
foreach(file ${FILES})
    get_filename_component(name ${file} NAME)
    set(gz ${folder}/${name}.gz)
    # zopfli: gzip's format, 7 % smaller than gzip -9 where the core is all that a telephone waits for.
    execute_process(COMMAND zopfli -c ${file} OUTPUT_FILE ${gz} COMMAND_ERROR_IS_FATAL ANY)
    file(SHA256 ${file} hash)
    file(SIZE ${file} len)
    file(SIZE ${gz} gz_len)
    if(name MATCHES "\\.html$")
        set(type "text/html; charset=utf-8")
    elseif(name MATCHES "\\.js$")
        set(type "text/javascript; charset=utf-8")
    elseif(name MATCHES "\\.css$")
        set(type "text/css; charset=utf-8")
    elseif(name MATCHES "\\.svg$")
        set(type "image/svg+xml")
    elseif(name MATCHES "\\.wasm$")
        set(type "application/wasm")
    else()
        message(FATAL_ERROR "assets.cmake does not know what kind of file ${name} is")
    endif()
    foreach(kind plain gz)
        set(path ${file})
        if("${kind}" STREQUAL "gz")
            set(path ${gz})
        endif()
        string(APPEND parts "    \".balign 16\\n\"\n"
                            "    \"web_${kind}_${count}: .incbin \\\"${path}\\\"\\n\"\n")
        string(APPEND externs "extern const uint8_t web_${kind}_${count}[];\n")
    endforeach()
    string(APPEND rows "    {\"${name}\", \"${type}\", \"${hash}\", web_plain_${count}, web_gz_${count}, ${len}, ${gz_len}},\n")
    math(EXPR count "${count} + 1")
endforeach()
if(count EQUAL 0)
    string(APPEND rows "    {0},\n")
endif()
file(WRITE ${OUT} "/* Made by client/web/assets.cmake. */
#include \"server/web/assets.h\"

__asm__(\".pushsection .rodata\\n\"
${parts}    \".popsection\\n\");
${externs}
const struct asset web_assets[] = {
${rows}};
const unsigned web_asset_count = ${count};
")
